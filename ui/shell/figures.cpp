// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/figures.h"

#include <QApplication>
#include <QClipboard>
#include <QDateTime>
#include <QFileDialog>
#include <QMimeData>
#include <QThreadPool>
#include <filesystem>

#include "data/base/error.h"
#include "data/base/files.h"
#include "ui/shell/figure_file.h"

namespace ecumene::ui::shell {

Figures::Figures(QWidget* window, QThreadPool* writer, QObject* parent)
    : QObject(parent), window_(window), writer_(writer) {}

bool Figures::isThere(const Figure& figure) {
  if (!figure.isEmpty || !figure.isEmpty()) return true;
  emit noted({Severity::kWarning, tr("There is no %1 to copy or to save").arg(figure.title), {}});
  return false;
}

void Figures::act(const Figure& figure, FigureDeed deed, const std::function<Session()>& view) {
  if (!isThere(figure)) return;
  const QString stem = figure.id + QDateTime::currentDateTime().toString("-yyyyMMdd-HHmmss");
  switch (deed) {
    case FigureDeed::kCopy: {
      auto* data = new QMimeData;
      data->setImageData(figure.image());
      data->setData("image/png", fileOf(figure, FigureFormat::kPng, view()));
      QApplication::clipboard()->setMimeData(data);
      emit noted({Severity::kInformation, tr("The picture of the %1 is in the clipboard").arg(figure.title), {}});
      return;
    }
    case FigureDeed::kCopyTable:
      QApplication::clipboard()->setText(figure.csv());
      emit noted(
          {Severity::kInformation, tr("The numbers of the %1 are in the clipboard, as CSV").arg(figure.title), {}});
      return;
    case FigureDeed::kSave: {
      QStringList filters = {tr("PNG picture (*.png)")};
      if (figure.draw) filters << tr("SVG drawing (*.svg)") << tr("PDF drawing (*.pdf)");
      return askFile(tr("Save the picture of the %1").arg(figure.title), stem, filters,
                     [this, figure, view](const QString& file) {
                       if (isThere(figure)) save(figure, file, view());
                     });
    }
    case FigureDeed::kSaveTable:
      return askFile(tr("Save the numbers of the %1").arg(figure.title), stem, {tr("CSV table (*.csv)")},
                     [this, figure](const QString& file) {
                       if (isThere(figure)) write(file, figure.csv().toUtf8());
                     });
  }
}

void Figures::askFile(const QString& title, const QString& name, const QStringList& filters,
                      const std::function<void(const QString&)>& done) {
  auto* chooser = new QFileDialog(window_, title);
  chooser->setObjectName("figureChooser");
  chooser->setAttribute(Qt::WA_DeleteOnClose);
  chooser->setAcceptMode(QFileDialog::AcceptSave);
  chooser->setFileMode(QFileDialog::AnyFile);
  chooser->setNameFilters(filters);
  // A name without an end gets that of the chosen format.
  const auto follow = [chooser](const QString& filter) {
    chooser->setDefaultSuffix(filter.section("*.", 1).section(')', 0, 0));
  };
  connect(chooser, &QFileDialog::filterSelected, chooser, follow);
  follow(filters.front());
  // One look and one set of keys everywhere, and nothing is blocked meanwhile.
  chooser->setOption(QFileDialog::DontUseNativeDialog);
  chooser->setModal(false);
  chooser->selectFile(name);
  connect(chooser, &QFileDialog::fileSelected, this, done);
  chooser->show();
}

void Figures::save(const Figure& figure, const QString& file, const Session& view) {
  const auto format = figureFormatOf(file.toStdString());
  const bool known = format && (*format == FigureFormat::kPng || figure.draw != nullptr);
  if (!known) {
    emit noted(
        noteOf(Error("a figure cannot be saved as such a file")
                   .on(file.toStdString())
                   .expected(figure.draw ? "a name that ends with .png, .svg or .pdf" : "a name that ends with .png")
                   .found(std::filesystem::path(file.toStdString()).filename().string())));
    return;
  }
  write(file, fileOf(figure, *format, view));
}

void Figures::write(const QString& file, const QByteArray& bytes) {
  writer_->start([this, file, bytes] {
    Note note{Severity::kInformation, tr("%1 is saved").arg(file), {}};
    try {
      writeFileAtomically(file.toStdString(), bytes.toStdString());
    } catch (const Error& error) {
      note = noteOf(error);
    } catch (const std::exception& exception) {
      note = noteOf(Error(exception.what(), ErrorKind::kEnvironment).on(file.toStdString()));
    }
    QMetaObject::invokeMethod(
        this, [this, note] { emit noted(note); }, Qt::QueuedConnection);
  });
}

void Figures::find(const QStringList& paths) {
  writer_->start([this, paths] {
    QStringList rest;
    std::optional<Session> view;
    std::optional<Note> note;
    for (const QString& path : paths) {
      try {
        std::optional<Session> inside = viewIn(path.toStdString());
        if (!inside) rest << path;
        if (inside && !view) view = std::move(inside);
      } catch (const Error& error) {
        note = noteOf(error);
      } catch (const std::exception& exception) {
        note = noteOf(Error(exception.what()).on(path.toStdString()));
      }
    }
    QMetaObject::invokeMethod(
        this,
        [this, rest, view, note] {
          if (note) emit noted(*note);
          if (view) emit opened(*view);
          if (!rest.isEmpty()) emit others(rest);
        },
        Qt::QueuedConnection);
  });
}

}  // namespace ecumene::ui::shell
