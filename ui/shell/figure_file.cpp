// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/figure_file.h"

#include <QBuffer>
#include <QFile>
#include <QJsonDocument>
#include <QPageSize>
#include <QPdfWriter>
#include <QSvgGenerator>

#include "data/base/error.h"
#include "ui/shell/png_text.h"

namespace ecumene::ui::shell {
namespace {

constexpr char kTextKey[] = "EcumeneView";  // of a PNG, with base64
constexpr char kMark[] = "ecumene-view:";   // in the bytes of the others, then base64 and kMarkEnd
constexpr char kMarkEnd = ';';
constexpr qint64 kLargestFigure = qint64{64} << 20U;      // of a file that is looked into
constexpr std::size_t kMostText = std::size_t{4} << 20U;  // of a view in a PNG
constexpr int kPixelsPerInch = 96;                        // CSS's pixel

QByteArray marked(const QByteArray& json) {
  return kMark + json.toBase64() + kMarkEnd;
}

QByteArray pngOf(const Figure& figure, const QByteArray& json) {
  QImage image = figure.image();
  image.setText(QString::fromLatin1(kTextKey), QString::fromLatin1(json.toBase64()));
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  image.save(&buffer, "PNG");
  return bytes;
}

QByteArray svgOf(const Figure& figure, const QByteArray& json) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  QSvgGenerator svg;
  svg.setOutputDevice(&buffer);
  svg.setResolution(kPixelsPerInch);
  svg.setSize(figure.widget->size());
  svg.setViewBox(QRect(QPoint(0, 0), figure.widget->size()));
  svg.setTitle(QStringLiteral("Ecumene: %1").arg(figure.title));
  svg.setDescription(QString::fromLatin1(marked(json)));
  figure.draw(svg);
  return bytes;
}

QByteArray pdfOf(const Figure& figure, const QByteArray& json) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  QPdfWriter pdf(&buffer);
  pdf.setTitle(QStringLiteral("Ecumene: %1").arg(figure.title));
  pdf.setResolution(kPixelsPerInch);
  const QSizeF inches = QSizeF(figure.widget->size()) / kPixelsPerInch;
  pdf.setPageSize(QPageSize(inches, QPageSize::Inch, QString(), QPageSize::ExactMatch));
  pdf.setPageMargins({});
  // XMP (ISO 16684-1): a packet that readers show as the description.
  pdf.setDocumentXmpMetadata(
      "<?xpacket begin='\xEF\xBB\xBF' id='W5M0MpCehiHzreSzNTczkc9d'?>"
      "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
      "<rdf:Description rdf:about='' xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:description><rdf:Alt>"
      "<rdf:li xml:lang='x-default'>" +
      marked(json) + "</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>");
  figure.draw(pdf);
  return bytes;
}

QByteArray jsonIn(const std::filesystem::path& path, FigureFormat format) {
  if (format == FigureFormat::kPng) {
    return QByteArray::fromBase64(QByteArray::fromStdString(pngText(path, kTextKey, kMostText)));
  }
  QFile file(QString::fromStdString(path.string()));
  if (!file.open(QIODevice::ReadOnly) || file.size() > kLargestFigure) return {};
  const QByteArray bytes = file.readAll();
  const qsizetype mark = bytes.indexOf(kMark);
  if (mark < 0) return {};
  const qsizetype begin = mark + static_cast<qsizetype>(sizeof kMark) - 1;
  const qsizetype end = bytes.indexOf(kMarkEnd, begin);
  return end < 0 ? QByteArray() : QByteArray::fromBase64(bytes.mid(begin, end - begin));
}

}  // namespace

std::optional<FigureFormat> figureFormatOf(const std::filesystem::path& file) {
  const QString name = QString::fromStdString(file.filename().string()).toLower();
  if (name.endsWith(".png")) return FigureFormat::kPng;
  if (name.endsWith(".svg")) return FigureFormat::kSvg;
  if (name.endsWith(".pdf")) return FigureFormat::kPdf;
  return std::nullopt;
}

QByteArray fileOf(const Figure& figure, FigureFormat format, const Session& view) {
  const QByteArray json = QJsonDocument(written(view)).toJson(QJsonDocument::Compact);
  switch (format) {
    case FigureFormat::kPng:
      return pngOf(figure, json);
    case FigureFormat::kSvg:
      return svgOf(figure, json);
    case FigureFormat::kPdf:
      return pdfOf(figure, json);
  }
  throw internalError("a figure of no format");
}

std::optional<Session> viewIn(const std::filesystem::path& file) {
  const auto format = figureFormatOf(file);
  std::error_code problem;
  if (!format || !std::filesystem::is_regular_file(file, problem)) return std::nullopt;
  const QByteArray json = jsonIn(file, *format);
  if (json.isEmpty()) return std::nullopt;
  return sessionOf(json, file.string());
}

}  // namespace ecumene::ui::shell
