#include "app/workbench/about.h"

#include "widgets/plots/qcustomplot_quiet.h"

#include <QtCore/QCoreApplication>
#include <QtGui/QAction>
#include <QtWidgets/QDialog>
#include <QtWidgets/QDialogButtonBox>
#include <QtWidgets/QTextBrowser>
#include <QtWidgets/QVBoxLayout>

namespace synoscope {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(About)
};

void showText(QWidget* parent, const QString& title, const QString& html)
{
    QDialog dialog(parent);
    dialog.setWindowTitle(title);
    auto* text = new QTextBrowser(&dialog);
    text->setOpenExternalLinks(true);
    text->setHtml(html);
    text->setFrameShape(QFrame::NoFrame);
    text->setAccessibleName(title);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, &dialog);
    QObject::connect(buttons, &QDialogButtonBox::rejected, &dialog, &QDialog::reject);
    auto* layout = new QVBoxLayout(&dialog);
    layout->addWidget(text);
    layout->addWidget(buttons);
    dialog.resize(520, 460);
    dialog.exec();
}

QString row(const QString& left, const QString& right, const QString& more = {})
{
    return QStringLiteral(
               "<tr><td style='padding-right:18px'>%1</td><td style='padding-right:18px'>%2</td><td>%3</td></tr>")
        .arg(left.toHtmlEscaped(), right.toHtmlEscaped(), more.toHtmlEscaped());
}

} // namespace

QString aboutText()
{
    QString html =
        QStringLiteral("<h2>Synoscope %1</h2><p>%2</p>")
            .arg(QCoreApplication::applicationVersion(),
                 Texts::tr("A workbench that synthesises neural-network operators, lets you watch and steer the "
                           "search, and exports what it finds."));
    html += QStringLiteral("<p>%1</p>")
                .arg(Texts::tr("The method is that of “Syno: Structured Synthesis for Neural Operators” (ASPLOS 2025, "
                               "arXiv 2410.23745)."));
    html += QStringLiteral("<h4>%1</h4><table>").arg(Texts::tr("Libraries and their licences"));
    html += row(QStringLiteral("Qt"), QString::fromLatin1(qVersion()), QStringLiteral("LGPL 3"));
    html += row(QStringLiteral("QCustomPlot"), QStringLiteral(QCUSTOMPLOT_VERSION_STR), QStringLiteral("GPL 3"));
    html += row(QStringLiteral("Graphviz"), {}, QStringLiteral("EPL 1.0"));
    html += row(QStringLiteral("SQLite"), {}, Texts::tr("public domain"));
    html += row(QStringLiteral("libtorch"), {}, QStringLiteral("BSD 3-Clause"));
    html += row(QStringLiteral("{fmt}, spdlog, nlohmann/json"), {}, QStringLiteral("MIT"));
    html += row(QStringLiteral("CLI11"), {}, QStringLiteral("BSD 3-Clause"));
    html += row(QStringLiteral("jemalloc"), {}, QStringLiteral("BSD 2-Clause"));
    html += row(QStringLiteral("xxHash"), {}, QStringLiteral("BSD 2-Clause"));
    return html + QStringLiteral("</table>");
}

void showAbout(QWidget* parent)
{
    showText(parent, Texts::tr("About Synoscope"), aboutText());
}

QString shortcutsText(const QList<QAction*>& actions)
{
    QString html = QStringLiteral("<table>");
    for (const QAction* action : actions)
        if (!action->shortcut().isEmpty())
            html += row(action->shortcut().toString(QKeySequence::NativeText), action->text().remove(u'&'));
    return html + QStringLiteral("</table>");
}

void showShortcuts(QWidget* parent, const QList<QAction*>& actions)
{
    showText(parent, Texts::tr("Keyboard shortcuts"), shortcutsText(actions));
}

} // namespace synoscope
