// The actions' icons: one-colour SVG drawings in resources/icons, painted in the palette's text colour, so that they
// follow the theme while the program runs.
#pragma once

#include <QIcon>
#include <QString>

namespace synoscope {

// "pin", "zoom-fit", ...: the file's name in resources/icons. An unknown name is a null icon (a test asks for all that
// the sources name).
QIcon icon(const QString& name);

} // namespace synoscope
