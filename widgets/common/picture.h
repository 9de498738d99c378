// What a view paints, as a file: the same function paints the screen and the picture.
#pragma once

#include "core/base/error.h"

#include <QSizeF>
#include <QString>

#include <functional>

class QPainter;

namespace synoscope {

// The format is the file name's ending: svg, pdf, png (at twice the size, for sharp prints). `paint` draws into
// (0,0)-(size). Fails with a sentence when the ending is another one or the file cannot be written.
Expected<void> savePicture(const QString& file, QSizeF size, const QString& title,
                           const std::function<void(QPainter&)>& paint);

// For file dialogs: "SVG (*.svg);;PNG (*.png);;PDF (*.pdf)".
QString pictureFilters();

} // namespace synoscope
