#include "widgets/common/picture.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QFileInfo>
#include <QGuiApplication>
#include <QImage>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>
#include <QScreen>
#include <QSvgGenerator>

#include <cmath>

namespace synoscope {

namespace {

constexpr double pngScale = 2;
constexpr double pointsPerInch = 72;

QString text(const char* source)
{
    return QCoreApplication::translate("Picture", source);
}

// Fonts have sizes in points: the picture has as many of its units to the inch as the screen, or texts would not fit
// the places that were measured for them on the screen.
int unitsPerInch()
{
    return static_cast<int>(std::lround(QGuiApplication::primaryScreen()->logicalDotsPerInch()));
}

bool paintSvg(QIODevice& device, QSizeF size, const QString& title, const std::function<void(QPainter&)>& paint)
{
    QSvgGenerator svg;
    svg.setOutputDevice(&device);
    svg.setResolution(unitsPerInch());
    svg.setSize(size.toSize());
    svg.setViewBox(QRectF(QPointF(), size));
    svg.setTitle(title);
    QPainter painter;
    if (!painter.begin(&svg))
        return false;
    paint(painter);
    return painter.end();
}

bool paintPdf(QIODevice& device, QSizeF size, const QString& title, const std::function<void(QPainter&)>& paint)
{
    QPdfWriter pdf(&device);
    pdf.setTitle(title);
    pdf.setPageSize(QPageSize(size * pointsPerInch / unitsPerInch(), QPageSize::Point));
    pdf.setPageMargins(QMarginsF());
    pdf.setResolution(unitsPerInch());
    QPainter painter;
    if (!painter.begin(&pdf))
        return false;
    paint(painter);
    return painter.end();
}

bool paintPng(QIODevice& device, QSizeF size, const std::function<void(QPainter&)>& paint)
{
    QImage image((size * pngScale).toSize(), QImage::Format_ARGB32_Premultiplied);
    if (image.isNull())
        return false;
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    painter.scale(pngScale, pngScale);
    paint(painter);
    painter.end();
    return image.save(&device, "PNG");
}

} // namespace

QString pictureFilters()
{
    return QStringLiteral("SVG (*.svg);;PNG (*.png);;PDF (*.pdf)");
}

Expected<void> savePicture(const QString& file, QSizeF size, const QString& title,
                           const std::function<void(QPainter&)>& paint)
{
    const QString format = QFileInfo(file).suffix().toLower();
    const bool known = format == u"svg" || format == u"pdf" || format == u"png";
    if (!known)
        return Error{
            text(QT_TRANSLATE_NOOP("Picture", "A picture's file name must end in .svg, .png or .pdf.")).toStdString(),
            file.toStdString()};
    // Into memory first: a full disk then leaves an older file whole.
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    const bool painted = format == u"svg"   ? paintSvg(buffer, size, title, paint)
                         : format == u"pdf" ? paintPdf(buffer, size, title, paint)
                                            : paintPng(buffer, size, paint);
    if (!painted)
        return Error{text(QT_TRANSLATE_NOOP("Picture", "The picture could not be painted.")).toStdString(),
                     file.toStdString()};
    QSaveFile out(file);
    if (!out.open(QIODevice::WriteOnly) || out.write(buffer.data()) != buffer.size() || !out.commit())
        return Error{text(QT_TRANSLATE_NOOP("Picture", "The picture could not be written: %1"))
                         .arg(out.errorString())
                         .toStdString(),
                     file.toStdString()};
    return {};
}

} // namespace synoscope
