// The engine's texts as the views' texts.
#pragma once

#include <QtCore/QString>

#include <string>
#include <string_view>

namespace synoscope::session {

inline QString text(const std::string& s)
{
    return QString::fromStdString(s);
}

inline QString text(std::string_view s)
{
    return QString::fromUtf8(s.data(), static_cast<qsizetype>(s.size()));
}

// A text of the context "Session", marked where it stands by QT_TRANSLATE_NOOP. Not called tr: lupdate would take the
// call for one of its own, and not see the text within.
QString translated(const char* text);

} // namespace synoscope::session
