// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <filesystem>
#include <optional>

#include "ui/shell/figure.h"
#include "ui/shell/session.h"

namespace ecumene::ui::shell {

enum class FigureFormat { kPng, kSvg, kPdf };
/// By the end of a file's name, letter case apart; none: no figure's.
std::optional<FigureFormat> figureFormatOf(const std::filesystem::path& file);

/// A figure as a file's content, with the view that it shows inside: as base64 in a PNG's text, in
/// the description (SVG) or the metadata (PDF). In the window's thread.
QByteArray fileOf(const Figure& figure, FigureFormat format, const Session& view);

/// The view inside of a figure's file; none where it is no figure of ours. Any thread; may wait; throws Error where the
/// view is of a newer version.
std::optional<Session> viewIn(const std::filesystem::path& file);

}  // namespace ecumene::ui::shell
