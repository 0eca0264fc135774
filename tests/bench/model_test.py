# SPDX-License-Identifier: Apache-2.0
"""Tables and intervals of tools/bench.d/model, on reports whose numbers are known."""
import contextlib
import io
import unittest

import numpy
from bench_scripts import script

model = script("model")
WORDS = {"split": "test", "archetype": "all"}


def report(value=0.5, replicates=(), planets=40, baseline=0.7, difference=-0.2, metric="CRPS", target="f_hab", subset=None):
    subset = subset or model.HIDDEN
    known = {"target": target, "metric": metric, "rows": 80, "planets": planets, **WORDS}
    return {"predictors": [{"name": "best", "kind": "model"}, {"name": "ridge", "kind": "baseline"}],
            "scores": [{"predictor": "best", "subset": subset, "value": value, **known},
                       {"predictor": "ridge", "subset": model.SCALARS, "value": baseline, **known}],
            "comparisons": [{"against": "ridge", "subset": subset, "value": difference, "replicates": list(replicates), **known}]}


def printed(call, *words, **more):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        call(*words, **more)
    return out.getvalue()


class Difference(unittest.TestCase):
    def interval(self, reports):
        return model.difference(reports, "ridge", model.HIDDEN, "f_hab", "CRPS")

    def test_is_the_mean_of_the_seeds_with_the_quantiles_of_their_mean_draws(self):
        draws = numpy.random.default_rng(1).normal(-0.2, 0.05, (3, 4001))
        found = self.interval([report(replicates=row, difference=d) for row, d in zip(draws, (-0.1, -0.2, -0.6))])
        self.assertAlmostEqual(found[0], -0.3)
        low, high = numpy.quantile(draws.mean(axis=0), [0.025, 0.975])
        self.assertAlmostEqual(found[1], low, delta=2e-4)
        self.assertAlmostEqual(found[2], high, delta=2e-4)

    def test_pairs_the_draws_of_seeds(self):
        # Opposite in each draw, so that only an average draw by draw is the same each time.
        draws = numpy.linspace(-1.0, 1.0, 201)
        found = self.interval([report(replicates=draws), report(replicates=-draws)])
        self.assertAlmostEqual(found[1], 0.0)
        self.assertAlmostEqual(found[2], 0.0)

    def test_leaves_out_draws_without_a_score_and_gives_none_where_there_are_many(self):
        draws = [0.5] * 95 + [None] * 5
        self.assertEqual(self.interval([report(replicates=draws)])[1:], (0.5, 0.5))
        self.assertIsNone(self.interval([report(replicates=[0.5] * 85 + [None] * 15)]))

    def test_is_none_without_draws_and_refuses_other_planets(self):
        nothing = report()
        nothing["comparisons"][0]["replicates"] = None
        self.assertIsNone(self.interval([nothing]))
        self.assertIsNone(model.difference([report()], "trees", model.HIDDEN, "f_hab", "CRPS"))
        with self.assertRaises(SystemExit):
            self.interval([report(replicates=[0.0]), report(replicates=[0.0], planets=41)])


class JointLessApart(unittest.TestCase):
    def interval(self, joint, apart):
        return model.joint_less_apart(joint, apart, "best", model.HIDDEN, "f_hab", "CRPS")

    def test_is_the_difference_of_differences_draw_by_draw(self):
        draws = numpy.random.default_rng(2).normal(0.0, 1.0, 500)
        found = self.interval([report(replicates=draws, difference=-0.3)], [report(replicates=draws + 0.1, difference=-0.2)])
        for value in found:
            self.assertAlmostEqual(value, -0.1)

    def test_refuses_runs_that_were_held_against_other_planets(self):
        with self.assertRaises(SystemExit):
            self.interval([report(replicates=[0.0])], [report(replicates=[0.0], baseline=0.71)])

    def test_is_none_without_draws(self):
        nothing = report()
        nothing["comparisons"] = []
        self.assertIsNone(self.interval([nothing], [report(replicates=[0.0])]))


class Words(unittest.TestCase):
    def test_a_verdict_needs_an_interval_on_one_side_of_zero(self):
        for found, lower, said in [((-0.2, -0.3, -0.1), True, "better"), ((-0.2, -0.3, -0.1), False, "worse"),
                                   ((0.2, 0.1, 0.3), True, "worse"), ((0.2, 0.1, 0.3), False, "better"),
                                   ((0.1, -0.1, 0.3), True, "undecided"), ((0.1, 0.0, 0.3), False, "undecided"),
                                   (None, True, "no interval")]:
            self.assertEqual(model.verdict(found, lower), said, (found, lower))

    def test_a_mean_is_of_what_is_there(self):
        self.assertEqual(model.mean([1.0, None, 4.0]), 2.5)
        self.assertIsNone(model.mean([None]))
        self.assertEqual(model.shown(None), "–")
        self.assertEqual(model.shown(0.12345), "0.123")

    def test_a_required_row_is_met_only_where_it_is_better(self):
        for low, said in ((-0.3, "met: better"), (0.1, "MISSED: worse")):
            draws = numpy.linspace(low, low + 0.1, 101)
            text = printed(model.print_against, [report(replicates=draws)], "best", "ridge", model.HIDDEN, model.SCALARS, "f_hab", "CRPS", True,
                           required=True)
            self.assertIn(said, text)
            self.assertIn("0.500 [0.500]", text)
            self.assertIn("ridge           0.700", text)

    def test_the_sanity_check_says_its_bounds_and_what_keeps_them(self):
        good = report(value=0.95, target="regime", metric="accuracy", subset=model.ALL)
        text = printed(model.print_sanity, [good], "best")
        self.assertIn("required >= 0.9: met", text)
        poor = report(value=0.89, target="regime", metric="accuracy", subset=model.ALL)
        self.assertIn("required >= 0.9: MISSED", printed(model.print_sanity, [poor], "best"))
        for coverage, said in ((0.90, "met"), (0.95, "MISSED"), (0.80, "MISSED")):
            covered = report(value=coverage, target="f_hab", metric="conformal coverage", subset=model.ALL)
            self.assertIn(f"required 0.87 to 0.93: {said}", printed(model.print_sanity, [covered], "best"))
        # What has no number is not met.
        self.assertNotIn(": met", printed(model.print_sanity, [report()], "best"))


if __name__ == "__main__":
    unittest.main()
