// SPDX-License-Identifier: Apache-2.0
#pragma once

// A push from the first look at the destination to the report, one step after the other: the review sheet shows what
// this says.

#include "behaviour/consequences.h"
#include "content/connector.h"
#include "content/signer.h"
#include "document/edit.h"
#include "oci/reference.h"
#include "transfer/pushplan.h"

#include <QObject>

#include <memory>
#include <optional>

namespace colophon::transfer {
class PreparePush;
class PushImage;
} // namespace colophon::transfer

namespace colophon::widgets {

class PushController final : public QObject
{
    Q_OBJECT
public:
    enum class State {
        Idle,
        Preparing, // asking the destination what it has
        Planned,
        Pushing,
        Done,    // the report is complete
        Stopped, // it failed or was cancelled: error() says why
    };
    explicit PushController(content::Connector &connector, QObject *parent = nullptr);
    ~PushController() override;

    State state() const { return m_state; }
    // Asks and plans, for the edits as they are now. `source` with the digest its tag had when it was opened.
    void review(const oci::Reference &source, const document::ImageTree &original,
                const document::DerivedImage &derived, const std::optional<document::Attachments> &attachments = {});
    const oci::Reference &destination() const { return m_request.destination; }
    // These plan anew. What the destination tag names gets the other tag first; empty: it gets none.
    void setDestination(const oci::Reference &destination, const QString &backupTag);
    void setSigners(const content::Signers &signers, bool indexOnly = false);
    void setAttachments(const std::optional<document::Attachments> &attachments); // of the original; nothing: not known
    void setReattachingSboms(bool reattaches);
    // The clients whose trouble with the image is told; nobody is.
    void setCustomers(const QList<behaviour::Line> &lines) { m_customers = lines; }
    void setProbing(bool probes); // whether new addresses are asked before anything moves
    void replaceAnyway();         // the tag moved, and what it names now may be replaced: that, and nothing newer
    bool canPush() const { return m_state == State::Planned && !m_plan.isBlocked(); }
    void push();
    void cancel();
    void retry(); // plans anew
    void leave(); // nothing is under review; what runs is cancelled

    const transfer::PushPlan &plan() const { return m_plan; }
    const transfer::PushReport &report() const { return m_report; }
    const std::optional<base::Error> &error() const { return m_error; }
    // The image came from the very tag it is to be pushed to, and somebody pushed another one there.
    bool hasTagMoved() const;
    bool replacesAnothers() const; // and the plan is to replace it

Q_SIGNALS:
    void stateChanged();
    void activityChanged(const QString &activity);
    void stepChanged(int step, const colophon::transfer::PlanStep &now);
    void progressChanged(qint64 done, qint64 total);
    void signInWanted(const QString &registry, const colophon::base::Error &error);

private:
    void prepare();
    void takeSigners();
    void stopOperations();
    void setState(State state);
    void fail(const base::Error &error);
    bool isOwnTag() const; // the destination is what was opened

    content::Connector &m_connector;
    State m_state = State::Idle;
    transfer::PushRequest m_request;
    content::Signers m_signers;
    bool m_indexOnly = false;
    QList<behaviour::Line> m_customers;
    transfer::PushPlan m_plan;
    transfer::PushReport m_report;
    std::optional<base::Error> m_error;
    std::unique_ptr<transfer::PreparePush> m_preparing;
    std::unique_ptr<transfer::PushImage> m_pushing;
};

} // namespace colophon::widgets
