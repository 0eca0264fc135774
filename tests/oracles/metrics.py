# SPDX-License-Identifier: Apache-2.0
"""Metrics, ridge and logistic regression computed with scikit-learn, SciPy and properscoring, and none of Ecumene's code.

usage: metrics.py OUT.json     (a Python with numpy, scipy, scikit-learn, properscoring)
"""
import json
import sys

import numpy
import properscoring
import scipy.integrate
from sklearn.calibration import calibration_curve
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import (accuracy_score, balanced_accuracy_score, brier_score_loss, log_loss, mean_absolute_error,
                             mean_squared_error, roc_auc_score)

ROWS, BINS = 60, 10


def binary(random):
    label = random.integers(0, 2, ROWS)
    # Off the edges of the bins, on whose side programs differ.
    stated = numpy.round(numpy.clip(0.5 + 0.25 * (label - 0.5) + 0.25 * random.standard_normal(ROWS), 0.01, 0.98), 2) + 0.003
    weight = random.integers(0, 4, ROWS).astype(float)
    counts = numpy.histogram(stated, BINS, (0, 1))[0]
    happened, mean_stated = calibration_curve(label, stated, n_bins=BINS, strategy="uniform")
    ece = float(numpy.sum(counts[counts > 0] / ROWS * numpy.abs(happened - mean_stated)))
    return {"label": label.tolist(), "stated": stated.tolist(), "weight": weight.tolist(),
            "auroc": roc_auc_score(label, stated), "auroc_weighted": roc_auc_score(label, stated, sample_weight=weight),
            "accuracy": accuracy_score(label, stated >= 0.5),
            "balanced_accuracy": balanced_accuracy_score(label, stated >= 0.5),
            "balanced_accuracy_weighted": balanced_accuracy_score(label, stated >= 0.5, sample_weight=weight),
            "log_loss": log_loss(label, stated), "ece": ece, "brier": brier_score_loss(label, stated)}


def regime(random):
    label = random.integers(0, 6, ROWS)
    logits = random.standard_normal((ROWS, 6)) + 1.5 * numpy.eye(6)[label]
    probability = numpy.exp(logits) / numpy.exp(logits).sum(1, keepdims=True)
    most = probability.argmax(1)
    return {"label": label.tolist(), "probability": probability.tolist(), "accuracy": accuracy_score(label, most),
            "balanced_accuracy": balanced_accuracy_score(label, most),
            "log_loss": log_loss(label, probability, labels=range(6))}


def shares(random):
    """Distributions with masses at 0 and 1 and a constant density in bins; CRPS by quadrature of their CDF."""
    cases = []
    for truth in [0.0, 1.0, 0.5, 0.07, 0.933, 0.25]:
        p = random.dirichlet(numpy.full(22, 0.4))
        edges = numpy.concatenate([[0.0], numpy.linspace(0, 1, 21)])
        cdf = numpy.concatenate([[0.0], numpy.cumsum(p)[:21]])

        def distribution(x):
            inside = numpy.interp(x, edges[1:], cdf[1:])
            return numpy.where(x < 0, 0.0, numpy.where(x >= 1, 1.0, inside))

        grid = numpy.linspace(0, 1, 400001)
        values = distribution(grid)
        crps = float(scipy.integrate.trapezoid((values - (grid >= truth)) ** 2, grid))
        centres = (numpy.arange(20) + 0.5) / 20
        quantiles = [float(grid[numpy.argmax(values >= level)]) for level in (0.05, 0.95)]
        cases.append({"probability": p.tolist(), "truth": truth, "crps": crps,
                      "mean": float(p[21] + (p[1:21] * centres).sum()), "low": quantiles[0], "high": quantiles[1]})
    return cases


def ensembles(random):
    """CRPS of an ensemble by properscoring; the binned form of many members comes close to it."""
    members = random.beta(2, 3, 20000)
    counts = numpy.histogram(members, 100, (0, 1))[0] / members.size
    truth = 0.31
    return {"probability": [0.0, *counts.tolist(), 0.0], "truth": truth,
            "crps": float(properscoring.crps_ensemble(truth, members))}


def regressions(random):
    x = random.standard_normal((40, 5))
    x[:, 4] = 0.0  # a feature that never varies
    y = x[:, 0] - 0.5 * x[:, 1] ** 2 + 0.1 * random.standard_normal(40)
    penalty = 2.5
    left_out = [float(Ridge(penalty).fit(numpy.delete(x, i, 0), numpy.delete(y, i)).predict(x[i:i + 1])[0])
                for i in range(40)]
    three = numpy.digitize(y, [-1.0, 0.3])
    two = (y > -0.3).astype(int)

    def classifier(label):
        return LogisticRegression(C=1 / penalty, tol=1e-10, max_iter=10000).fit(x, label).predict_proba(x)

    return {"x": x.tolist(), "y": y.tolist(), "penalty": penalty,
            "predicted": Ridge(penalty).fit(x, y).predict(x).tolist(), "left_out": left_out,
            "three": three.tolist(), "three_probability": classifier(three).tolist(),
            "two": two.tolist(), "two_probability": classifier(two).tolist()}


def clustered(random):
    """Standard error of a mean whose rows come in clusters of unequal size: linearised ratio estimate (Cochran 1977,
    eq. 2.39)."""
    clusters = [f"p{i}" for i in range(80) for _ in range(1 + i % 8)]
    effect = dict(zip(dict.fromkeys(clusters), random.standard_normal(80)))
    values = numpy.array([effect[c] + 0.3 * random.standard_normal() for c in clusters])
    names = numpy.array(clusters)
    totals = numpy.array([[values[names == c].sum(), (names == c).sum()] for c in dict.fromkeys(clusters)])
    mean = totals[:, 0].sum() / totals[:, 1].sum()
    residual = totals[:, 0] - mean * totals[:, 1]
    error = numpy.sqrt((residual ** 2).sum()) / totals[:, 1].sum()
    return {"cluster": clusters, "value": values.tolist(), "mean": float(mean), "standard_error": float(error)}


def main():
    random = numpy.random.default_rng(20261121)
    share_cases = shares(random)
    error = {"a": [c["mean"] for c in share_cases], "b": [c["truth"] for c in share_cases]}
    result = {"binary": binary(random), "regime": regime(random), "shares": share_cases,
              "ensemble": ensembles(random), "regression": regressions(random), "clustered": clustered(random),
              "rmse": float(numpy.sqrt(mean_squared_error(error["b"], error["a"]))),
              "mae": float(mean_absolute_error(error["b"], error["a"]))}
    with open(sys.argv[1], "w") as file:
        json.dump(result, file, indent=None)
        file.write("\n")


main()
