#include "widgets/jobs/job_row.h"

#include <QtCore/QCoreApplication>

namespace synoscope {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(JobRow)
};

} // namespace

QString toText(JobKind kind)
{
    switch (kind) {
    case JobKind::training:
        return Texts::tr("training");
    case JobKind::benchmark:
        return Texts::tr("benchmark");
    case JobKind::proxy:
        return Texts::tr("proxy score");
    case JobKind::verification:
        return Texts::tr("verification");
    case JobKind::exporting:
        return Texts::tr("export");
    }
    return {};
}

QString toText(JobRowState state)
{
    switch (state) {
    case JobRowState::running:
        return Texts::tr("running");
    case JobRowState::paused:
        return Texts::tr("paused");
    case JobRowState::queued:
        return Texts::tr("queued");
    case JobRowState::failed:
        return Texts::tr("failed");
    case JobRowState::cancelled:
        return Texts::tr("cancelled");
    case JobRowState::done:
        return Texts::tr("done");
    }
    return {};
}

} // namespace synoscope
