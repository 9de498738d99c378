// How large a problem's space is, found out on another thread. The newest problem wins.
//
//     restart --settled for a moment--> estimateSpace on a pooled thread --changed, some times a second--> whoever
//     shows it
//
// A sampling that is no longer wanted ends after the rollout it is in; nobody waits for it.
#pragma once

#include "core/synthesis/problem.h"
#include "widgets/problem/problem_values.h"

#include <QtCore/QObject>
#include <QtCore/QTimer>

#include <memory>

namespace synoscope {

class SpaceSampling final : public QObject
{
    Q_OBJECT

public:
    explicit SpaceSampling(QObject* parent = nullptr);
    ~SpaceSampling() override;

    void restart(std::shared_ptr<const Problem> problem); // nullptr: there is none
    void longer();                                        // the same problem, four times as long
    void cancel();

    static int running(); // samplings on all threads, those that are about to end included

Q_SIGNALS:
    void changed(const synoscope::SpaceFigures& figures);

private:
    struct Job;
    void start();

    std::shared_ptr<const Problem> problem_;
    std::shared_ptr<Job> job_;
    double seconds_;
    QTimer settled_;
};

} // namespace synoscope
