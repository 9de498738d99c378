#include "widgets/common/icons.h"

#include <QApplication>
#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace synoscope {

namespace {

// Replaces the drawing's `currentColor` by the palette's, at the moment of painting.
class TintedEngine final : public QIconEngine
{
public:
    TintedEngine(QString name, QByteArray svg) : name_(std::move(name)), svg_(std::move(svg)) {}

    QIconEngine* clone() const override { return new TintedEngine(name_, svg_); }
    QString key() const override { return QStringLiteral("synoscope-tinted"); }
    QString iconName() override { return name_; }
    bool isNull() override { return svg_.isEmpty(); }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        QByteArray svg = svg_;
        QSvgRenderer(svg.replace("currentColor", tint(mode).name().toLatin1())).render(painter, rect);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        const QString cacheKey = QStringLiteral("synoscope-icon/%1/%2x%3/%4")
                                     .arg(name_)
                                     .arg(size.width())
                                     .arg(size.height())
                                     .arg(tint(mode).name());
        QPixmap pixmap;
        if (QPixmapCache::find(cacheKey, &pixmap))
            return pixmap;
        pixmap = QPixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        painter.end();
        QPixmapCache::insert(cacheKey, pixmap);
        return pixmap;
    }

private:
    static QColor tint(QIcon::Mode mode)
    {
        const QPalette palette = QGuiApplication::palette();
        if (mode == QIcon::Disabled)
            return palette.color(QPalette::Disabled, QPalette::ButtonText);
        return palette.color(mode == QIcon::Selected ? QPalette::HighlightedText : QPalette::ButtonText);
    }

    QString name_;
    QByteArray svg_;
};

} // namespace

QIcon icon(const QString& name)
{
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QIcon(new TintedEngine(name, file.readAll()));
}

} // namespace synoscope
