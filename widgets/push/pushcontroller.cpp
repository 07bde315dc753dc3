// SPDX-License-Identifier: Apache-2.0
#include "widgets/push/pushcontroller.h"

#include "behaviour/outlook.h"
#include "transfer/pushimage.h"
#include "widgets/common/retire.h"

namespace colophon::widgets {

PushController::PushController(content::Connector &connector, QObject *parent)
    : QObject(parent)
    , m_connector(connector)
{
}

PushController::~PushController() = default;

void PushController::setState(State state)
{
    m_state = state;
    Q_EMIT stateChanged();
}

void PushController::stopOperations()
{
    retire(m_preparing);
    retire(m_pushing);
}

void PushController::review(const oci::Reference &source, const document::ImageTree &original,
                            const document::DerivedImage &derived,
                            const std::optional<document::Attachments> &attachments)
{
    m_request = {};
    m_request.source = source;
    // The tag is replaced; an image opened by its digest alone is pushed by digest alone.
    m_request.destination = source.withTag(source.tag());
    m_request.original = original;
    m_request.derived = derived;
    m_request.attachments = attachments;
    takeSigners();
    prepare();
}

void PushController::setDestination(const oci::Reference &destination, const QString &backupTag)
{
    if (m_request.destination == destination && m_request.backupTag == backupTag)
        return;
    m_request.force = m_request.force && m_request.destination == destination;
    m_request.destination = destination;
    m_request.backupTag = backupTag;
    prepare();
}

void PushController::setProbing(bool probes)
{
    m_request.probe = probes;
    prepare();
}

void PushController::replaceAnyway()
{
    m_request.force = true;
    prepare();
}

bool PushController::hasTagMoved() const
{
    if (m_state == State::Stopped)
        return m_error->kind == base::ErrorKind::Conflict && isOwnTag();
    return m_state == State::Planned && isOwnTag() && !m_request.force && m_plan.tagBefore != m_plan.before &&
           m_plan.tagBefore != m_plan.after;
}

bool PushController::replacesAnothers() const
{
    return m_request.force && !m_plan.tagBefore.isNull() && m_plan.tagBefore != m_plan.before &&
           m_plan.tagBefore != m_plan.after;
}

bool PushController::isOwnTag() const
{
    const oci::Reference &to = m_request.destination;
    return !to.tag().isEmpty() && to.name() == m_request.source.name() && to.tag() == m_request.source.tag();
}

void PushController::setSigners(const content::Signers &signers, bool indexOnly)
{
    m_signers = signers;
    m_indexOnly = indexOnly;
    takeSigners();
    if (m_state != State::Idle)
        prepare();
}

void PushController::takeSigners()
{
    m_request.signingKeys = content::inWords(m_signers);
    m_request.signingForms = content::formsOf(m_signers);
    m_request.indexOnly = m_indexOnly;
}

void PushController::setAttachments(const std::optional<document::Attachments> &attachments)
{
    // What comes after the plan changes what the plan says, and nothing of what runs.
    if (m_state != State::Preparing && m_state != State::Planned)
        return;
    m_request.attachments = attachments;
    prepare();
}

void PushController::setReattachingSboms(bool reattaches)
{
    m_request.reattachSboms = reattaches;
    if (m_state != State::Idle)
        prepare();
}

void PushController::prepare()
{
    stopOperations();
    m_error.reset();
    // What somebody says the registry is, is said of the one the image is in.
    QList<behaviour::Line> lines = m_customers;
    if (m_request.source.registry() != m_request.destination.registry())
        lines.removeIf([](const behaviour::Line &line) { return line.kind == behaviour::Party::Kind::Registry; });
    m_request.advise = behaviour::adviceFor(behaviour::Knowledge::shipped(), lines, m_request.original,
                                            m_request.derived, m_request.destination.registry());
    m_preparing = std::make_unique<transfer::PreparePush>(m_connector.target(m_request.source),
                                                          m_connector.target(m_request.destination), m_request);
    connect(m_preparing.get(), &transfer::Operation::activityChanged, this, &PushController::activityChanged);
    connect(m_preparing.get(), &transfer::Operation::finished, this, [this] {
        const auto failure = m_preparing->error();
        if (!failure)
            m_plan = m_preparing->plan();
        retire(m_preparing);
        if (failure) {
            fail(*failure);
            return;
        }
        m_report = {};
        m_report.plan = m_plan;
        setState(State::Planned);
    });
    setState(State::Preparing);
    m_preparing->start();
}

void PushController::push()
{
    if (!canPush())
        return;
    // Forced is what was seen: should the tag have moved once more, nobody agreed to replace that.
    transfer::PushPlan plan = m_plan;
    plan.request.force = false;
    m_pushing = std::make_unique<transfer::PushImage>(m_connector.target(m_request.source),
                                                      m_connector.target(m_request.destination),
                                                      m_connector.urlFetcher(m_request.source), m_signers, plan);
    connect(m_pushing.get(), &transfer::Operation::activityChanged, this, &PushController::activityChanged);
    connect(m_pushing.get(), &transfer::Operation::progressChanged, this, &PushController::progressChanged);
    connect(m_pushing.get(), &transfer::PushImage::stepChanged, this,
            [this](int step) { Q_EMIT stepChanged(step, m_pushing->report().plan.steps.at(step)); });
    connect(m_pushing.get(), &transfer::Operation::finished, this, [this] {
        const auto failure = m_pushing->error();
        m_report = m_pushing->report();
        retire(m_pushing);
        if (failure)
            fail(*failure);
        else
            setState(State::Done);
    });
    setState(State::Pushing);
    m_pushing->start();
}

void PushController::fail(const base::Error &error)
{
    m_error = error;
    setState(State::Stopped);
    if (error.kind == base::ErrorKind::Unauthorized) {
        const bool source = error.side == base::Side::Source;
        Q_EMIT signInWanted((source ? m_request.source : m_request.destination).registry(), error);
    }
}

void PushController::cancel()
{
    if (m_preparing)
        m_preparing->cancel();
    if (m_pushing)
        m_pushing->cancel();
}

void PushController::retry()
{
    if (m_state != State::Stopped)
        return;
    m_request.force = false; // what is there now was not seen yet
    prepare();
}

void PushController::leave()
{
    stopOperations();
    m_request = {};
    m_plan = {};
    m_report = {};
    m_error.reset();
    setState(State::Idle);
}

} // namespace colophon::widgets
