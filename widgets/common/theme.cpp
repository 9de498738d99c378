#include "widgets/common/theme.h"

#include <QApplication>
#include <QEvent>
#include <QFile>
#include <QScopedValueRollback>
#include <QStyleFactory>
#include <QToolTip>

namespace synoscope {

QPalette paletteFor(const Colors& c)
{
    const QColor window = c.dark ? QColor(0x1e2126) : QColor(0xf2f4f7);
    const QColor button = c.dark ? QColor(0x2b3038) : QColor(0xf7f8fa);
    QPalette palette(button, window);
    palette.setColor(QPalette::Window, window);
    palette.setColor(QPalette::WindowText, c.text);
    palette.setColor(QPalette::Base, c.dark ? QColor(0x17191d) : QColor(0xffffff));
    palette.setColor(QPalette::AlternateBase, c.dark ? QColor(0x1c1f24) : QColor(0xf6f7f9));
    palette.setColor(QPalette::Text, c.text);
    palette.setColor(QPalette::PlaceholderText, c.mutedText);
    palette.setColor(QPalette::Button, button);
    palette.setColor(QPalette::ButtonText, c.text);
    palette.setColor(QPalette::BrightText, c.bad);
    palette.setColor(QPalette::Highlight, c.dark ? QColor(0x2f5fa8) : c.accent);
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Link, c.accent);
    palette.setColor(QPalette::LinkVisited, c.dark ? QColor(0xb59cf0) : QColor(0x6b44b8));
    palette.setColor(QPalette::ToolTipBase, c.dark ? QColor(0x2b3038) : QColor(0xffffff));
    palette.setColor(QPalette::ToolTipText, c.text);
    palette.setColor(QPalette::Mid, c.outline);
    palette.setColor(QPalette::Dark, c.dark ? QColor(0x101215) : QColor(0xa4abb5));
    palette.setColor(QPalette::Light, c.dark ? QColor(0x3a404a) : QColor(0xffffff));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, blend(c.text, window, 0.55));
    palette.setColor(QPalette::Disabled, QPalette::Highlight, c.outline);
    return palette;
}

Theme::Theme(QObject* parent) : QObject(parent)
{
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    qApp->installEventFilter(this);
    apply();
}

Theme::~Theme() = default;

void Theme::setMode(ThemeMode mode)
{
    mode_ = mode;
    apply();
}

QString Theme::toString(ThemeMode mode)
{
    switch (mode) {
    case ThemeMode::light:
        return QStringLiteral("light");
    case ThemeMode::dark:
        return QStringLiteral("dark");
    case ThemeMode::system:
        break;
    }
    return QStringLiteral("system");
}

ThemeMode Theme::fromString(const QString& text)
{
    if (text == u"light")
        return ThemeMode::light;
    return text == u"dark" ? ThemeMode::dark : ThemeMode::system;
}

bool Theme::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::ThemeChange && mode_ == ThemeMode::system)
        QMetaObject::invokeMethod(this, &Theme::apply, Qt::QueuedConnection);
    return QObject::eventFilter(watched, event);
}

void Theme::apply()
{
    if (applying_) // setting the palette announces a change of theme to every window
        return;
    const QScopedValueRollback guard(applying_, true);
    // An empty palette brings the platform's own back: its lightness is what "the system" means.
    if (mode_ == ThemeMode::system)
        QApplication::setPalette(QPalette());
    dark_ = mode_ == ThemeMode::dark || (mode_ == ThemeMode::system && Colors::of(QApplication::palette()).dark);
    const Colors& colors = dark_ ? Colors::night() : Colors::light();
    const QPalette palette = paletteFor(colors);
    QApplication::setPalette(palette);
    QToolTip::setPalette(palette);

    QFile sheet(QStringLiteral(":/themes/workbench.qss"));
    if (sheet.open(QIODevice::ReadOnly)) {
        QString text = QString::fromUtf8(sheet.readAll());
        text.replace(QLatin1String("@outline"), colors.outline.name());
        text.replace(QLatin1String("@accent"), colors.accent.name());
        text.replace(QLatin1String("@surface"), colors.surface.name());
        text.replace(QLatin1String("@text"), colors.text.name());
        text.replace(QLatin1String("@muted"), colors.mutedText.name());
        qApp->setStyleSheet(text);
    }
    Q_EMIT changed(dark_);
}

} // namespace synoscope
