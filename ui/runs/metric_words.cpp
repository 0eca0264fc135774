// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/metric_words.h"

#include <QObject>
#include <algorithm>
#include <array>

namespace ecumene::ui::runs {
namespace {

/// A name, or the beginning of names where it ends with a dot; the first that fits holds.
struct Row {
  const char *name, *meaning;
};

constexpr auto kRows = std::to_array<Row>({
    {"loss.total", "Weighted sum of the terms of the loss, mean over samples"},
    {"loss.", "A term of the loss, without its weight, mean over samples"},
    {"gradient.norm", "2-norm of the whole gradient, before it is clipped"},
    {"gradient.", "2-norm of the gradient of this part of the model, before it is clipped"},
    {"gradient_angle.",
     "Angle in degrees between the gradient of this part of the model and the optimiser's "
     "mean of those before it, every ten steps: small where steps agree, 90 where they have "
     "nothing in common, above where they undo each other"},
    {"samples_per_s", "Samples a second"},
    {"tokens_per_s", "Pieces of text a second"},
    {"flops_per_s",
     "Floating-point operations a second of matrix products, convolutions and attention, "
     "without what is computed again to save memory. Where there is no curve mfu beside it, "
     "the peak of the device is not known: the event \"peak\" says so"},
    {"mfu",
     "Model FLOPs utilisation, 0 to 1: flops_per_s as a share of what the device does "
     "at most in this precision, by its data sheet"},
    {"loader.wait_share", "Share of the time that steps waited for data, 0 to 1"},
    {"checkpoint.stall_share", "Share of the time that checkpoints held up steps, 0 to 1"},
    {"loss_scale", "Factor on the loss that keeps small gradients in float16"},
    {"rope_reach", "Share of the full length that texts and rotary positions have by now, 0 to 1"},
});

/// Parts of names that say what an evaluation measured; its other metrics are terms of the loss.
constexpr std::array kScores = {"accuracy", "auroc", "crps", "ece", "perplexity", "rmse", "samples"};

QString quantityOf(const QString& metric) {
  const QStringList parts = metric.split('.');
  for (const char* score : kScores) {
    if (parts.contains(QLatin1String(score))) return QString::fromLatin1(score);
  }
  if (parts.front() == "loss" || parts.front() == "validation") return QObject::tr("loss");
  if (parts.front() == "gradient") return QObject::tr("2-norm of the gradient");
  if (parts.front() == "gradient_angle") return QObject::tr("angle, degrees");
  return metric;
}

}  // namespace

QString meaningOf(const QString& metric) {
  const auto* const row = std::ranges::find_if(kRows, [&](const Row& one) {
    const QLatin1String name(one.name);
    return name.endsWith('.') ? metric.startsWith(name) : metric == name;
  });
  return row == kRows.end() ? QString() : QObject::tr(row->meaning);
}

QString axisOf(const QStringList& metrics) {
  if (metrics.size() == 1) return metrics.front();
  QStringList quantities;
  for (const QString& metric : metrics) quantities << quantityOf(metric);
  quantities.removeDuplicates();
  return quantities.size() == 1 ? quantities.front() : QString();
}

}  // namespace ecumene::ui::runs
