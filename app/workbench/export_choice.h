// What the dialog for saving an operator offers, and what its answer means.
#pragma once

#include "core/codegen/export.h"

#include <QtCore/QString>
#include <QtCore/QStringList>

#include <optional>

class QWidget;

namespace synoscope {

QString exportTitle(const FormatInfo& format); // translated: "ONNX model of one layer"
QString exportFilters();                       // for a file dialog, all formats: "PyTorch module (*.py);;..."

struct ExportChoice
{
    QString format; // its name on the command line
    QString file;

    friend bool operator==(const ExportChoice&, const ExportChoice&) = default;
};

bool hasOneLayer(const QString& format); // by its name: has numbers for sizes, those of one layer

// Which of the layers an export is for. Asks where there are several; nothing: the user has changed their mind.
// `proposed`: the layer that is shown elsewhere; below 0: none.
std::optional<int> askForLayer(QWidget* parent, const QString& format, const QStringList& layers, int proposed);

// A file name without an ending gets that of the filter's format; an ending that is another format's chooses that one.
ExportChoice exportChoice(const QString& file, const QString& filter);

} // namespace synoscope
