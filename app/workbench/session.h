// The session of the program: the port over the engine. All work happens on the backend's thread (session_backend.h);
// this class only carries intentions there and values back to the GUI thread.
#pragma once

#include "app/workbench/session_port.h"

#include <stop_token>

namespace synoscope {

class SessionBackend;

class Session final : public SessionPort
{
    Q_OBJECT

public:
    Session();
    ~Session() override; // stops what runs; everything is kept

    void open(const QString& databaseFile) override;
    void create(const QString& problemFile, const QString& databaseFile) override;
    void openOrCreate(const QString& problemFile, const QString& databaseFile) override;
    void importOperator(const QString& pgraphFile) override;
    void close() override;

    void start() override;
    void pause() override;
    void step() override;
    void rolloutFrom(std::uint64_t node) override;

    void previewReward(const RewardSettings& reward, std::uint64_t question) override;
    void changeReward(const RewardSettings& reward) override;
    void cancelRewardChange() override;

    void apply(const SteeringDecision& decision) override;
    void lift(const SteeringDecision& decision) override;

    void requestDetails(std::int64_t candidate) override;
    void requestCandidatesBelow(std::uint64_t node) override;
    void setStar(std::int64_t candidate, bool starred) override;
    void setNote(std::int64_t candidate, const QString& note) override;
    void setRemoved(std::int64_t candidate, bool removed) override;
    void verify(std::int64_t candidate, const QString& format) override;
    void cancelVerification(std::int64_t candidate) override;
    void exportOperator(std::int64_t candidate, const QString& format, int layer, const QString& file) override;

    void pauseJob(std::int64_t job) override;
    void resumeJob(std::int64_t job) override;
    void cancelJob(std::int64_t job) override;
    void retryJob(std::int64_t job) override;
    void requestLog(std::int64_t job) override;

private:
    std::stop_source rewardChange_; // of the latest
    std::unique_ptr<SessionBackend> backend_;
};

} // namespace synoscope
