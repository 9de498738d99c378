// The looks of the workbench: one palette for light and one for dark, and the named colours that the views paint with.
//
// The application owns one Theme, which sets the palette of all windows. A view asks `Colors::of(palette())` whenever
// it paints, and repaints on QEvent::PaletteChange: no view knows the Theme object, and tests need none.
#pragma once

#include "core/graph/pgraph.h"

#include <QColor>
#include <QObject>
#include <QPalette>

#include <array>

class QPainter;
class QWidget;

namespace synoscope {

// Kinds that have a colour and a name: the primitives in the order of PrimitiveKind, then two moves of the search.
inline constexpr int contractionKind = primitiveKinds;
inline constexpr int finalizeKind = primitiveKinds + 1;
inline constexpr int colouredKinds = primitiveKinds + 2;

QString kindName(int kind);        // "unfold", translated; "move" for a kind out of range
QString kindDescription(int kind); // one sentence: what it does to a tensor

struct Colors
{
    bool dark = false;
    QColor canvas;  // behind painted views
    QColor surface; // boxes on the canvas
    QColor outline;
    QColor grid;
    QColor text;
    QColor mutedText;
    QColor accent; // selection and focus
    QColor pinned;
    QColor pruned;
    QColor good;
    QColor warning;
    QColor bad;
    std::array<QColor, colouredKinds> kinds;

    static const Colors& light();
    static const Colors& night();
    static const Colors& of(const QPalette& palette); // by the lightness of its windows

    const QColor& kind(int kind) const; // the colour of finalizeKind for a kind out of range
};

// The scale for heat, t in [0,1]: from deep blue over green to yellow, lightness rising evenly, so that it reads in
// grey and with any kind of colour blindness. Values outside are clamped; not-a-number is grey.
QColor heat(double t);

// Black or white, whichever reads better on the colour.
QColor readableOn(const QColor& background);
// WCAG 2 contrast ratio, 1 to 21.
double contrast(const QColor& a, const QColor& b);
QColor blend(const QColor& from, const QColor& to, double t);

// The frame that shows which painted view has the keyboard.
void paintFocusFrame(QPainter& painter, const QWidget& view);

enum class ThemeMode
{
    system,
    light,
    dark
};

class Theme : public QObject
{
    Q_OBJECT

public:
    explicit Theme(QObject* parent = nullptr); // after QApplication; applies ThemeMode::system
    ~Theme() override;

    ThemeMode mode() const { return mode_; }
    void setMode(ThemeMode mode);
    bool isDark() const { return dark_; }

    // For settings files: "system", "light", "dark"; an unknown word is system.
    static QString toString(ThemeMode mode);
    static ThemeMode fromString(const QString& text);

Q_SIGNALS:
    void changed(bool dark);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void apply();

    ThemeMode mode_ = ThemeMode::system;
    bool dark_ = false;
    bool applying_ = false;
};

QPalette paletteFor(const Colors& colors);

} // namespace synoscope
