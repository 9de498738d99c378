#include "app/workbench/export_choice.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFileInfo>
#include <QtWidgets/QInputDialog>

#include <algorithm>

namespace synoscope {

namespace {

// The descriptions in core/codegen/export.cpp, for the translators.
[[maybe_unused]] constexpr const char* descriptions[] = {
    QT_TRANSLATE_NOOP("ExportFormats", "PyTorch module"),
    QT_TRANSLATE_NOOP("ExportFormats", "libtorch C++ module"),
    QT_TRANSLATE_NOOP("ExportFormats", "self-contained C++ kernels"),
    QT_TRANSLATE_NOOP("ExportFormats", "Halide pipeline, scheduled"),
    QT_TRANSLATE_NOOP("ExportFormats", "TorchScript module of one layer"),
    QT_TRANSLATE_NOOP("ExportFormats", "ONNX model of one layer"),
    QT_TRANSLATE_NOOP("ExportFormats", "dimension graph for Graphviz"),
    QT_TRANSLATE_NOOP("ExportFormats", "dimension graph as a scalable picture"),
    QT_TRANSLATE_NOOP("ExportFormats", "dimension graph as a picture of pixels"),
    QT_TRANSLATE_NOOP("ExportFormats", "dimension graph as a page"),
    QT_TRANSLATE_NOOP("ExportFormats", "formula"),
    QT_TRANSLATE_NOOP("ExportFormats", "formula in LaTeX"),
    QT_TRANSLATE_NOOP("ExportFormats", "loop nest in pseudo code"),
    QT_TRANSLATE_NOOP("ExportFormats", "plan: the tensor program step by step"),
    QT_TRANSLATE_NOOP("ExportFormats", "pGraph"),
};

QString text(std::string_view word)
{
    return QString::fromUtf8(word.data(), static_cast<qsizetype>(word.size()));
}

QString filterOf(const FormatInfo& format)
{
    return QStringLiteral("%1 (*.%2)").arg(exportTitle(format), text(format.suffix));
}

} // namespace

QString exportTitle(const FormatInfo& format)
{
    return QCoreApplication::translate("ExportFormats", std::string(format.description).c_str());
}

QString exportFilters()
{
    QStringList filters;
    for (const FormatInfo& format : formats())
        filters << filterOf(format);
    return filters.join(QStringLiteral(";;"));
}

ExportChoice exportChoice(const QString& file, const QString& filter)
{
    const auto chosen = std::ranges::find(formats(), filter, filterOf);
    const FormatInfo& wanted = chosen == formats().end() ? formats().front() : *chosen;
    const QString suffix = QFileInfo(file).suffix();
    if (suffix.isEmpty())
        return {text(wanted.name), file + u'.' + text(wanted.suffix)};
    const auto fits = [&](const FormatInfo& format) { return file.endsWith(u'.' + text(format.suffix)); };
    if (fits(wanted))
        return {text(wanted.name), file};
    // The longest ending counts: x.halide.cpp is a Halide pipeline, x.cpp a kernel.
    const FormatInfo* named = nullptr;
    for (const FormatInfo& format : formats())
        if (fits(format) && (!named || format.suffix.size() > named->suffix.size()))
            named = &format;
    return {text(named ? named->name : wanted.name), file};
}

bool hasOneLayer(const QString& format)
{
    const auto known = formatNamed(format.toStdString());
    return known && infoOf(*known).oneLayer;
}

std::optional<int> askForLayer(QWidget* parent, const QString& format, const QStringList& layers, int proposed)
{
    const auto known = formatNamed(format.toStdString());
    if (!known || layers.size() < 2)
        return 0;
    bool chosen = false;
    const QString layer = QInputDialog::getItem(
        parent, QCoreApplication::translate("ExportFormats", "Which layer?"),
        //: %1 is an export format: "ONNX model of one layer"
        QCoreApplication::translate("ExportFormats", "%1: its sizes are those of").arg(exportTitle(infoOf(*known))),
        layers, std::max(proposed, 0), false, &chosen);
    return chosen ? std::optional(static_cast<int>(layers.indexOf(layer))) : std::nullopt;
}

} // namespace synoscope
