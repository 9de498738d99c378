// The named colours and what is computed from colours.
#include "widgets/common/theme.h"

#include <QCoreApplication>
#include <QPainter>
#include <QWidget>

#include <algorithm>
#include <cmath>

namespace synoscope {

namespace {

// split merge shift unfold stride expand share reduce | contraction finalize. Neighbours differ in lightness as well as
// in hue, so that no pair rests on the difference of red and green alone.
constexpr std::array<QRgb, colouredKinds> lightKinds = {0x2f62b8, 0x7aa9e0, 0x8357ad, 0x0f7d5c, 0x86b02c,
                                                        0xd9a01e, 0xd9601a, 0xb42f49, 0xa8377e, 0x56606c};
constexpr std::array<QRgb, colouredKinds> nightKinds = {0x5b8fe6, 0x9fc6f2, 0xb08ad6, 0x35b58c, 0xaad452,
                                                        0xf2cf66, 0xf08a40, 0xe4647c, 0xd76aae, 0xb7c0cb};

std::array<QColor, colouredKinds> colorsFrom(const std::array<QRgb, colouredKinds>& table)
{
    std::array<QColor, colouredKinds> colors;
    std::transform(table.begin(), table.end(), colors.begin(), [](QRgb rgb) { return QColor(rgb); });
    return colors;
}

double linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& color)
{
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

// Anchors of the heat scale, evenly spaced.
constexpr std::array<QRgb, 9> heatAnchors = {0x2b1a5e, 0x30388a, 0x2a5b9c, 0x23789c, 0x1d9491,
                                             0x38ad7b, 0x74c159, 0xbacd3f, 0xf8dc4a};

} // namespace

const Colors& Colors::light()
{
    static const Colors colors{.dark = false,
                               .canvas = QColor(0xfcfcfd),
                               .surface = QColor(0xffffff),
                               .outline = QColor(0xb9c0ca),
                               .grid = QColor(0xe6e9ee),
                               .text = QColor(0x1b1f24),
                               .mutedText = QColor(0x59626e),
                               .accent = QColor(0x1f66d1),
                               .pinned = QColor(0x0b7a75),
                               .pruned = QColor(0x9aa1ab),
                               .good = QColor(0x1a7f4b),
                               .warning = QColor(0xa86400),
                               .bad = QColor(0xc0303f),
                               .kinds = colorsFrom(lightKinds)};
    return colors;
}

const Colors& Colors::night()
{
    static const Colors colors{.dark = true,
                               .canvas = QColor(0x17191d),
                               .surface = QColor(0x23272e),
                               .outline = QColor(0x4a525e),
                               .grid = QColor(0x2a2f37),
                               .text = QColor(0xe6e8eb),
                               .mutedText = QColor(0xa0a9b6),
                               .accent = QColor(0x6aa5ff),
                               .pinned = QColor(0x4fd1c5),
                               .pruned = QColor(0x5d6570),
                               .good = QColor(0x5fce91),
                               .warning = QColor(0xe9b44c),
                               .bad = QColor(0xf47a86),
                               .kinds = colorsFrom(nightKinds)};
    return colors;
}

const Colors& Colors::of(const QPalette& palette)
{
    return palette.color(QPalette::Window).lightness() < 128 ? night() : light();
}

const QColor& Colors::kind(int kind) const
{
    return kinds[static_cast<std::size_t>(kind >= 0 && kind < colouredKinds ? kind : finalizeKind)];
}

QColor heat(double t)
{
    if (std::isnan(t))
        return QColor(0x808890);
    const double position = std::clamp(t, 0.0, 1.0) * (heatAnchors.size() - 1);
    const auto below = std::min<std::size_t>(static_cast<std::size_t>(position), heatAnchors.size() - 2);
    return blend(QColor(heatAnchors[below]), QColor(heatAnchors[below + 1]), position - static_cast<double>(below));
}

QColor readableOn(const QColor& background)
{
    return contrast(background, Qt::white) >= contrast(background, Qt::black) ? QColor(Qt::white) : QColor(Qt::black);
}

double contrast(const QColor& a, const QColor& b)
{
    const auto [low, high] = std::minmax({luminance(a), luminance(b)});
    return (high + 0.05) / (low + 0.05);
}

QColor blend(const QColor& from, const QColor& to, double t)
{
    const auto mixed = [t](int a, int b) { return static_cast<int>(std::lround(a + (b - a) * t)); };
    return QColor(mixed(from.red(), to.red()), mixed(from.green(), to.green()), mixed(from.blue(), to.blue()),
                  mixed(from.alpha(), to.alpha()));
}

void paintFocusFrame(QPainter& painter, const QWidget& view)
{
    if (!view.hasFocus())
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(QPen(Colors::of(view.palette()).accent, 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(QRectF(view.rect()).adjusted(1, 1, -1, -1));
    painter.restore();
}

QString kindName(int kind)
{
    static constexpr std::array names = {
        QT_TRANSLATE_NOOP("Kinds", "split"),       QT_TRANSLATE_NOOP("Kinds", "merge"),
        QT_TRANSLATE_NOOP("Kinds", "shift"),       QT_TRANSLATE_NOOP("Kinds", "unfold"),
        QT_TRANSLATE_NOOP("Kinds", "stride"),      QT_TRANSLATE_NOOP("Kinds", "expand"),
        QT_TRANSLATE_NOOP("Kinds", "share"),       QT_TRANSLATE_NOOP("Kinds", "reduce"),
        QT_TRANSLATE_NOOP("Kinds", "contraction"), QT_TRANSLATE_NOOP("Kinds", "finalize"),
    };
    static_assert(names.size() == colouredKinds);
    if (kind < 0 || kind >= colouredKinds)
        return QCoreApplication::translate("Kinds", "move");
    return QCoreApplication::translate("Kinds", names[static_cast<std::size_t>(kind)]);
}

QString kindDescription(int kind)
{
    static constexpr std::array sentences = {
        QT_TRANSLATE_NOOP("Kinds", "Views one axis as two."),
        QT_TRANSLATE_NOOP("Kinds", "Views two axes as one."),
        QT_TRANSLATE_NOOP("Kinds", "Rolls an axis around."),
        QT_TRANSLATE_NOOP("Kinds", "Slides a window along an axis, with zeros around it."),
        QT_TRANSLATE_NOOP("Kinds", "Takes every S-th element of an axis."),
        QT_TRANSLATE_NOOP("Kinds", "Adds an axis that repeats everything."),
        QT_TRANSLATE_NOOP("Kinds", "Multiplies by a weight along an axis."),
        QT_TRANSLATE_NOOP("Kinds", "Sums over an axis."),
        QT_TRANSLATE_NOOP("Kinds", "Multiplies by one new weight along several axes at once."),
        QT_TRANSLATE_NOOP("Kinds", "Assigns the axes to the input: the operator is complete."),
    };
    static_assert(sentences.size() == colouredKinds);
    if (kind < 0 || kind >= colouredKinds)
        return {};
    return QCoreApplication::translate("Kinds", sentences[static_cast<std::size_t>(kind)]);
}

} // namespace synoscope
