// A shown window over a scripted session with a small experiment, made anew for every test.
#pragma once

#include "app/workbench/main_window.h"
#include "tests/app/workbench/scripted_session.h"

#include <QtCore/QSettings>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <memory>

namespace synoscope {

inline std::vector<CandidateRow> candidates()
{
    std::vector<CandidateRow> rows;
    for (std::int64_t id = 1; id <= 3; ++id) {
        CandidateRow row;
        row.id = id;
        row.hash = QStringLiteral("hash%1").arg(id);
        row.name = QStringLiteral("op%1").arg(id);
        row.node = static_cast<std::uint64_t>(id) + 1;
        row.flopsRatio = 0.2 * static_cast<double>(id);
        row.accuracy = 0.5 + 0.05 * static_cast<double>(id);
        row.reward = 0.1 * static_cast<double>(id);
        rows.push_back(row);
    }
    return rows;
}

inline std::vector<TreeNodeChange> tree()
{
    std::vector<TreeNodeChange> nodes{{.id = 1, .move = {}, .visits = 3}};
    for (quint64 id = 2; id <= 4; ++id)
        nodes.push_back({.id = id,
                         .parent = 1,
                         .move = QStringLiteral("finalize"),
                         .kind = finalizeKind,
                         .visits = 1,
                         .state = TreeNodeState::complete,
                         .candidate = QStringLiteral("hash%1").arg(id - 1)});
    return nodes;
}

class WindowFixture : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(QStringLiteral("SynoscopeTest"));
        QCoreApplication::setApplicationName(QStringLiteral("SynoscopeTest"));
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings_.path());
        QVERIFY(settings_.isValid());
    }

    void init()
    {
        QSettings().clear();
        folder_ = std::make_unique<QTemporaryDir>();
        session_ = std::make_unique<ScriptedSession>();
        theme_ = std::make_unique<Theme>();
        window_ = std::make_unique<MainWindow>(*session_, *theme_);
        window_->show();
        QVERIFY(QTest::qWaitForWindowActive(window_.get()));
        window_->openPath(fileInFolder(QStringLiteral("demo.synoscope")));
        Q_EMIT session_->treeChanged(tree());
        Q_EMIT session_->candidatesChanged(candidates());
        for (const auto& [id, zoo] : {std::pair{1, "conv2d"}, {2, "depthwise"}, {3, "linear"}})
            session_->details[id] = zooDetails(id, QString::fromLatin1(zoo), QStringLiteral(SYNOSCOPE_SOURCE_DIR));
        session_->asked.clear();
    }

    void cleanup()
    {
        window_.reset();
        theme_.reset();
        session_.reset();
    }

protected:
    QString fileInFolder(const QString& name)
    {
        const QString path = folder_->filePath(name);
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly))
            qFatal("cannot write");
        return path;
    }
    QTemporaryDir settings_;
    std::unique_ptr<QTemporaryDir> folder_;
    std::unique_ptr<ScriptedSession> session_;
    std::unique_ptr<Theme> theme_;
    std::unique_ptr<MainWindow> window_;
};

} // namespace synoscope
