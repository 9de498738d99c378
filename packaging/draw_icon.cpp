// Part of the build: an SVG drawing as a square picture, for desktops that read no SVG.
//
//     draw_icon FILE.svg SIZE FILE.png
#include <QtGui/QImage>
#include <QtGui/QPainter>
#include <QtSvg/QSvgRenderer>

#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv)
{
    const int size = argc == 4 ? std::atoi(argv[2]) : 0;
    if (size <= 0) {
        std::fputs("draw_icon FILE.svg SIZE FILE.png\n", stderr);
        return 2;
    }
    QSvgRenderer drawing(QString::fromLocal8Bit(argv[1]));
    QImage picture(size, size, QImage::Format_ARGB32);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    drawing.render(&painter);
    painter.end();
    if (drawing.isValid() && picture.save(QString::fromLocal8Bit(argv[3])))
        return 0;
    std::fprintf(stderr, "draw_icon: %s cannot be read, or %s not written\n", argv[1], argv[3]);
    return 3;
}
