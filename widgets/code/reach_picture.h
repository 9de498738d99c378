// A map of what an operator reads, as a picture with a caption that says in words what it shows.
#pragma once

#include "widgets/code/inspector_view.h"

#include <QtGui/QImage>

namespace synoscope {

struct Colors;

QString reachTitle(InspectorValues::Map::What what); // "Receptive field"
// A receptive field is cut to what is read and a margin; "9 of 3 136 places: rows −1 to +1, columns −1 to +1".
QString reachCaption(const InspectorValues::Map& map);
// At most `side` pixels wide and high, times the ratio; cells are whole pixels where there is room. What is not read
// has the canvas' colour, the rest the scale for heat, the most terms its end.
QImage reachImage(const InspectorValues::Map& map, const Colors& colors, int side, qreal pixelRatio);

} // namespace synoscope
