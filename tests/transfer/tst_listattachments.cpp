// SPDX-License-Identifier: Apache-2.0
// What is attached to an image: found by every way there is, whatever a registry answers, and what a push does with it.
#include "base/limits.h"
#include "content/referrerstag.h"
#include "oci/attachmentnames.h"
#include "pushfixture.h"
#include "support/attached/attached.h"
#include "support/await.h"
#include "transfer/listattachments.h"
#include "transfer/pushcommands.h"
#include "transfer/pushcontent.h"

#include <QJsonArray>

using namespace colophon;
using document::Attachment;
using document::Fate;
using document::NodePath;
using transfer::Outcome;
using transfer::ownDescriptor;
using transfer::PlanStep;
using transfer::StepKind;
using Kind = document::Attachment::Kind;
using Source = document::Attachment::Source;

namespace {

const QByteArray spdxType("application/spdx+json");

// A referrer around this content.
oci::Descriptor attach(content::MemoryStore &store, const oci::Descriptor &image, const QByteArray &artifactType,
                       const QByteArray &content, const QByteArray &layerType = "application/json")
{
    store.addBlob(test::emptyConfig);
    store.addBlob(content);
    const QByteArray bytes = test::artifactManifest(artifactType, layerType, content, ownDescriptor(image));
    const auto descriptor = oci::Descriptor::of(oci::MediaType::ociManifest(), bytes);
    if (!test::await(store.pushReferrer(descriptor, bytes, ownDescriptor(image), {})))
        qFatal("The attachment cannot be pushed.");
    return descriptor;
}

// What cosign would put under one of its tags.
void attachByTag(content::MemoryStore &store, const oci::Descriptor &image, int tag, const QByteArray &layerType,
                 const QByteArray &content)
{
    store.addBlob(test::emptyConfig);
    store.addBlob(content);
    store.addManifest(test::artifactManifest({}, layerType, content), oci::MediaType::ociManifest(),
                      oci::attachmentTags(image.digest).at(tag));
}

QByteArray statement(const QByteArray &predicateType)
{
    return "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[],\"predicateType\":\"" + predicateType + "\"}";
}
QByteArray envelope(const QByteArray &predicateType)
{
    return "{\"payloadType\":\"application/vnd.in-toto+json\",\"payload\":\"" + statement(predicateType).toBase64() +
           "\",\"signatures\":[{\"sig\":\"AA==\"}]}";
}

// "sbom of /manifests/0 by referrers"
QStringList inWords(const document::Attachments &attachments)
{
    QStringList words;
    for (const Attachment &each : attachments.all)
        words.append(QStringLiteral("%1 of %2 by %3")
                         .arg(document::nameOf(each.kind), each.subject.toString(), document::nameOf(each.source)));
    words.sort();
    return words;
}

} // namespace

class TestListAttachments : public QObject
{
    Q_OBJECT

private:
    std::optional<test::PushFixture> m_fixture;

    content::MemoryStore &store() const { return *m_fixture->from; }
    oci::Descriptor node(const NodePath &path) const { return m_fixture->request.original.node(path)->descriptor; }
    oci::Descriptor root() const { return node(NodePath::root()); }
    oci::Descriptor child(int number) const { return node(NodePath::root().child(number)); }

    document::Attachments list(std::shared_ptr<test::FakeTarget> target = {}) const
    {
        transfer::ListAttachments listing(target ? target : std::make_shared<test::FakeTarget>(m_fixture->from),
                                          m_fixture->request.original);
        if (!test::finish(listing) || listing.error())
            qFatal("%s", qPrintable(listing.error() ? listing.error()->text() : QStringLiteral("no end")));
        return listing.attachments();
    }
    // One of each way: a signature and an SBOM on amd64, one more SBOM on the index.
    void attachSome() const
    {
        attachByTag(store(), child(0), 0, "application/vnd.dev.cosign.simplesigning.v1+json", "{\"critical\":{}}");
        attachByTag(store(), child(0), 1, "application/vnd.dsse.envelope.v1+json",
                    envelope("https://slsa.dev/provenance/v1"));
        attachByTag(store(), child(1), 2, "text/spdx+json", test::spdx());
        attach(store(), child(0), spdxType, test::spdx());
        attach(store(), root(), "application/vnd.cyclonedx+json", test::cycloneDx());
        attach(store(), root(), "application/x", envelope("https://example/other"));
    }
    void markBase() { m_fixture->mark(NodePath::root().child(0).layerAt(0), true, {m_fixture->address}); }
    QList<PlanStep> steps(const transfer::PushPlan &plan, StepKind kind) const
    {
        QList<PlanStep> found;
        std::ranges::copy_if(plan.steps, std::back_inserter(found),
                             [kind](const auto &each) { return each.kind == kind; });
        return found;
    }
    QString staleMessage(const transfer::PushPlan &plan) const
    {
        for (const document::Finding &each : plan.findings)
            if (each.code == document::Finding::Code::SignaturesStale)
                return each.message;
        return {};
    }

private Q_SLOTS:
    void init()
    {
        m_fixture.emplace();
        m_fixture->addIndexedImage();
        m_fixture->open();
    }

    // --- finding them

    void everyWay()
    {
        attachSome();
        const document::Attachments found = list();
        QCOMPARE(inWords(found), (QStringList{QStringLiteral("attestation of / by referrers"),
                                              QStringLiteral("attestation of /manifests/0 by index"),
                                              QStringLiteral("provenance of /manifests/0 by tag"),
                                              QStringLiteral("sbom of / by referrers"),
                                              QStringLiteral("sbom of /manifests/0 by referrers"),
                                              QStringLiteral("sbom of /manifests/1 by tag"),
                                              QStringLiteral("signature of /manifests/0 by tag")}));
        QVERIFY2(found.remarks.isEmpty(), qPrintable(found.remarks.join(u' ')));
        QVERIFY(!found.isCut);
        QCOMPARE(found.of(child(1).digest).size(), 1);
    }

    // In a registry that keeps the list itself: what it lists is shown, and that there is more than is read is said.
    void tooManyUnderTheTag()
    {
        const oci::Descriptor attached = attach(store(), root(), spdxType, test::spdx());
        QByteArrayList entries;
        for (int i = 0; i <= base::limits::referrers; ++i)
            entries.append(oci::Descriptor::of(oci::MediaType::ociManifest(), QByteArray::number(i)).toJson());
        store().addManifest(
            R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[)" +
                entries.join(',') + "]}",
            oci::MediaType::ociIndex(), content::referrersTag(root().digest));
        const auto target = std::make_shared<test::FakeTarget>(m_fixture->from);
        target->keepList({attached});
        const document::Attachments found = list(target);
        QVERIFY(inWords(found).contains(QStringLiteral("sbom of / by referrers")));
        QCOMPARE(found.remarks.size(), 1);
        QVERIFY2(found.remarks.constFirst().contains(QStringLiteral("1001 attachments")),
                 qPrintable(found.remarks.constFirst()));
    }

    void onlyOfSome()
    {
        attachSome();
        transfer::ListAttachments listing(std::make_shared<test::FakeTarget>(m_fixture->from),
                                          m_fixture->request.original, {NodePath::root().child(1)});
        QVERIFY(test::finish(listing));
        QCOMPARE(inWords(listing.attachments()), (QStringList{QStringLiteral("attestation of /manifests/0 by index"),
                                                              QStringLiteral("sbom of /manifests/1 by tag")}));
    }

    // The list says one thing, the manifest another.
    void theManifestCounts()
    {
        const QByteArray bytes = test::artifactManifest(spdxType, "text/plain", test::spdx(), ownDescriptor(root()));
        store().addManifest(bytes, oci::MediaType::ociManifest());
        oci::Descriptor lie = oci::Descriptor::of(oci::MediaType::ociManifest(), bytes);
        lie.artifactType = QStringLiteral("application/vnd.cncf.notary.signature");
        const QByteArray stranger =
            test::artifactManifest(spdxType, "text/plain", test::spdx(), ownDescriptor(child(0)));
        const oci::Descriptor other = store().addManifest(stranger, oci::MediaType::ociManifest());
        const oci::Descriptor gone = oci::Descriptor::of(oci::MediaType::ociManifest(), "gone");
        oci::Descriptor odd = gone;
        odd.mediaType = oci::MediaType(QStringLiteral("application/x"));
        odd.digest = oci::Digest::of("odd");
        const oci::Descriptor broken = store().addManifest("{}", oci::MediaType::ociManifest());
        store().addManifest(test::indexJson(oci::MediaType::ociIndex(), {lie, other, gone, odd, broken}),
                            oci::MediaType::ociIndex(), content::referrersTag(root().digest));
        const document::Attachments found = list();
        const QList<Attachment> all = found.of(root().digest);
        QCOMPARE(all.size(), 5);
        QCOMPARE(all.at(0).kind, Kind::Sbom);
        QCOMPARE(all.at(0).artifactType, QString::fromLatin1(spdxType));
        QVERIFY(all.at(0).problem.isEmpty());
        for (int i = 1; i < 5; ++i) {
            QCOMPARE(all.at(i).kind, Kind::Other);
            QVERIFY(!all.at(i).problem.isEmpty());
        }
    }

    void contentThatIsNotThere()
    {
        const QByteArray content = envelope("https://slsa.dev/provenance/v1");
        attach(store(), root(), "application/vnd.dsse.envelope.v1+json", content,
               "application/vnd.dsse.envelope.v1+json");
        store().removeBlob(oci::Digest::of(content));
        const QList<Attachment> all = list().of(root().digest);
        QCOMPARE(all.size(), 1);
        QCOMPARE(all.first().kind, Kind::Attestation);
        QVERIFY(!all.first().problem.isEmpty());
    }

    void whatCannotBeListedIsSaid()
    {
        attachSome();
        // What cosign 3 leaves when it copies: the image itself under the tag of the list.
        store().addManifest(store().manifestBytes(child(1).digest), oci::MediaType::ociManifest(),
                            content::referrersTag(child(1).digest));
        const document::Attachments found = list();
        QCOMPARE(found.remarks.size(), 1);
        QVERIFY2(found.remarks.first().contains(child(1).digest.shortForm()), qPrintable(found.remarks.first()));
        QCOMPARE(found.all.size(), 7);
    }

    // A registry that is not there fails it, one that refuses is said; every request once.
    void everyRequestCanFail_data()
    {
        QTest::addColumn<base::ErrorKind>("kind");
        QTest::newRow("no connection") << base::ErrorKind::Network;
        QTest::newRow("refused") << base::ErrorKind::Denied;
    }
    void everyRequestCanFail()
    {
        QFETCH(base::ErrorKind, kind);
        attachSome();
        auto all = std::make_shared<test::FakeTarget>(m_fixture->from);
        const auto complete = list(all).all.size();
        for (int call = 1; call <= all->calls(); ++call) {
            auto target = std::make_shared<test::FakeTarget>(m_fixture->from);
            target->failAt(call, base::fail(kind, QStringLiteral("It does not work.")).error());
            transfer::ListAttachments listing(target, m_fixture->request.original);
            QVERIFY(test::finish(listing));
            QCOMPARE(listing.error().has_value(), kind == base::ErrorKind::Network);
            if (listing.error()) {
                QCOMPARE(listing.error()->kind, kind);
                QVERIFY(!listing.error()->operation.isEmpty());
                continue;
            }
            // Something is missing, and is said, or could not be read, and says why.
            const document::Attachments &found = listing.attachments();
            const bool isSaid = !found.remarks.isEmpty() || std::ranges::any_of(found.all, [](const Attachment &each) {
                return !each.problem.isEmpty();
            });
            QVERIFY(isSaid);
            QVERIFY(found.all.size() <= complete);
        }
    }

    void itCanBeStopped()
    {
        attachSome();
        for (int call = 1; call < 12; ++call) {
            auto target = std::make_shared<test::FakeTarget>(m_fixture->from);
            target->setAsynchronous(true);
            target->hangAt(call);
            transfer::ListAttachments listing(target, m_fixture->request.original);
            int finished = 0;
            connect(&listing, &transfer::Operation::finished, this, [&] { ++finished; });
            listing.start();
            QVERIFY(QTest::qWaitFor([&] { return target->calls() >= call; }));
            listing.cancel();
            QVERIFY(QTest::qWaitFor([&] { return finished > 0; }));
            QVERIFY(listing.error());
            QCOMPARE(listing.error()->kind, base::ErrorKind::Cancelled);
        }
    }

    void thereIsAnEndToIt()
    {
        QList<oci::Descriptor> entries;
        for (int i = 0; i < 700; ++i) {
            const QByteArray bytes = test::artifactManifest("application/x" + QByteArray::number(i), "text/plain", "{}",
                                                            ownDescriptor(root()));
            entries.append(store().addManifest(bytes, oci::MediaType::ociManifest()));
        }
        store().addManifest(test::indexJson(oci::MediaType::ociIndex(), entries), oci::MediaType::ociIndex(),
                            content::referrersTag(root().digest));
        entries.clear();
        for (int i = 0; i < 700; ++i) {
            const QByteArray bytes = test::artifactManifest("application/x" + QByteArray::number(i), "text/plain", "{}",
                                                            ownDescriptor(child(0)));
            entries.append(store().addManifest(bytes, oci::MediaType::ociManifest()));
        }
        store().addManifest(test::indexJson(oci::MediaType::ociIndex(), entries), oci::MediaType::ociIndex(),
                            content::referrersTag(child(0).digest));
        const document::Attachments found = list();
        QVERIFY(found.isCut);
        QCOMPARE(found.all.size(), base::limits::attachments);
    }

    // Manifests and the content that is looked into, together.
    void thereIsAnEndToItsBytes()
    {
        const int parts = int(base::limits::attached / base::limits::signaturePayload);
        for (int i = 0; i < parts / 2; ++i)
            attach(store(), root(), "application/x-any",
                   QByteArray::number(i) + QByteArray(base::limits::signaturePayload - 100, 0x20));
        QVERIFY(!list().isCut);
        for (int i = parts / 2; i < parts; ++i)
            attach(store(), root(), "application/x-any",
                   QByteArray::number(i) + QByteArray(base::limits::signaturePayload - 100, 0x20));
        const document::Attachments found = list();
        QVERIFY(found.isCut);
        const auto unread = std::ranges::count_if(found.of(root().digest), [](const Attachment &each) {
            return each.problem.contains(QLatin1String("more attached"));
        });
        QCOMPARE(found.of(root().digest).size(), parts); // each is named, whether it was read or not
        QVERIFY(unread > 0 && unread < 10);
    }

    void contentIsReadWhole()
    {
        attach(store(), root(), spdxType, test::spdx(), spdxType);
        const Attachment sbom = list().of(root().digest).first();
        const auto target = std::make_shared<test::FakeTarget>(m_fixture->from);
        QCOMPARE(test::await(transfer::readAttachment(target, sbom, {})).value(), test::spdx());
        Attachment none = sbom;
        none.content = {};
        QCOMPARE(test::await(transfer::readAttachment(target, none, {})).error().kind, base::ErrorKind::Usage);
        Attachment large = sbom;
        large.content.size = base::limits::attachment + 1;
        QCOMPARE(test::await(transfer::readAttachment(target, large, {})).error().kind, base::ErrorKind::TooLarge);
        store().replaceBlob(sbom.content.digest, "something else");
        QCOMPARE(test::await(transfer::readAttachment(target, sbom, {})).error().kind, base::ErrorKind::InvalidData);
    }

    // --- what an edit does to them

    void whatStaysIsCounted()
    {
        attachSome();
        m_fixture->request.attachments = list();
        markBase();
        const transfer::PushPlan plan = m_fixture->prepare();
        QCOMPARE(staleMessage(plan),
                 QStringLiteral("This edit gives the image a new digest. Its 1 signature, 1 attestation, 3 SBOMs and 1 "
                                "provenance statement stay with the old digests; sign again before customers verify."));
        const QJsonObject json = plan.toJson();
        QCOMPARE(json[QLatin1String("attachments")].toArray().size(), 7);
        QHash<QString, int> fates;
        for (const auto &each : json[QLatin1String("attachments")].toArray())
            ++fates[each.toObject()[QLatin1String("after")].toString()];
        const QHash<QString, int> expected{{QStringLiteral("stays"), 6}, {QStringLiteral("stale"), 1}};
        QCOMPARE(fates, expected);
    }

    void oneStays_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<bool>("isSigned"); // by the push
        QTest::addColumn<QString>("message");
        const QString start = QStringLiteral("This edit gives the image a new digest. ");
        QTest::newRow("a signature") << QStringLiteral("signature") << false
                                     << start +
                                            QStringLiteral(
                                                "Its signature stays with OLD; sign again before customers verify.");
        QTest::newRow("a signature made anew")
            << QStringLiteral("signature") << true << start + QStringLiteral("Its signature stays with OLD.");
        QTest::newRow("a list") << QStringLiteral("sbom") << false
                                << start + QStringLiteral("Its SBOM stays with OLD.");
        QTest::newRow("nothing") << QString() << false
                                 << start +
                                        QStringLiteral("Nothing is attached to the old one that would stay behind.");
    }
    void oneStays()
    {
        QFETCH(QString, what);
        QFETCH(bool, isSigned);
        QFETCH(QString, message);
        if (what == QLatin1String("signature"))
            attachByTag(store(), root(), 0, "application/vnd.dev.cosign.simplesigning.v1+json", "{\"critical\":{}}");
        if (what == QLatin1String("sbom"))
            attach(store(), root(), spdxType, test::spdx());
        m_fixture->request.attachments = list();
        markBase();
        if (isSigned) {
            m_fixture->sign();
            m_fixture->request.signingForms = {QStringLiteral("cosign-legacy")};
        }
        QCOMPARE(staleMessage(m_fixture->prepare()),
                 QString(message).replace(QLatin1String("OLD"), root().digest.shortForm()));
    }

    void whoDidNotLookSaysLess()
    {
        attachSome();
        markBase();
        const transfer::PushPlan plan = m_fixture->prepare();
        QVERIFY(staleMessage(plan).contains(QLatin1String("Signatures made for")));
        QVERIFY(!plan.toJson().contains(QLatin1String("attachments")));
    }

    void fates()
    {
        attachSome();
        const document::Attachments all = list();
        // Only arm64 and the index change.
        m_fixture->request.derived =
            document::apply(m_fixture->request.original,
                            document::EditSet().with(
                                document::SetMarking{NodePath::root().child(1).layerAt(1), true, {m_fixture->address}}))
                .value();
        document::Aftermath aftermath;
        aftermath.signedNodes = {NodePath::root(), NodePath::root().child(0)};
        aftermath.forms = {QStringLiteral("cosign-legacy")};
        aftermath.reattachesSboms = true;
        for (const Attachment &each : all.all) {
            const Fate fate =
                document::fateOf(each, m_fixture->request.original, m_fixture->request.derived, aftermath);
            if (each.subject == NodePath::root().child(0))
                QCOMPARE(fate, Fate::Unaffected);
            else if (each.subject == NodePath::root().child(1))
                QCOMPARE(fate, Fate::Stays); // by tag
            else
                QCOMPARE(fate, each.kind == Kind::Sbom ? Fate::Reattached : Fate::Stays);
        }
        // With amd64 gone its attachments stay, and the index holds other layers than its SBOM says.
        m_fixture->request.derived =
            document::apply(m_fixture->request.original,
                            document::EditSet().with(document::RemovePlatform{NodePath::root().child(0)}))
                .value();
        for (const Attachment &each : all.all)
            if (each.subject != NodePath::root().child(1))
                QCOMPARE(document::fateOf(each, m_fixture->request.original, m_fixture->request.derived, aftermath),
                         Fate::Stays);
    }

    void aSignatureOfAnotherFormIsNotMadeAnew()
    {
        attachByTag(store(), root(), 0, "application/vnd.dev.cosign.simplesigning.v1+json", "{\"critical\":{}}");
        const Attachment signature = list().of(root().digest).first();
        markBase();
        document::Aftermath aftermath;
        aftermath.signedNodes = {NodePath::root()};
        aftermath.forms = {QStringLiteral("notation")};
        QCOMPARE(document::fateOf(signature, m_fixture->request.original, m_fixture->request.derived, aftermath),
                 Fate::Stays);
        aftermath.forms = {QStringLiteral("notation"), QStringLiteral("cosign-legacy")};
        QCOMPARE(document::fateOf(signature, m_fixture->request.original, m_fixture->request.derived, aftermath),
                 Fate::MadeAnew);
        aftermath.signedNodes = {NodePath::root().child(0)};
        QCOMPARE(document::fateOf(signature, m_fixture->request.original, m_fixture->request.derived, aftermath),
                 Fate::Stays);
    }

    // --- taking lists of packages along

    void sbomsAreAttachedToTheNewDigestToo_data()
    {
        QTest::addColumn<QString>("registry");
        QTest::addColumn<QString>("repository");
        QTest::newRow("the same repository") << QStringLiteral("registry.example") << QStringLiteral("vendor/app");
        QTest::newRow("another repository") << QStringLiteral("registry.example") << QStringLiteral("vendor/copy");
        QTest::newRow("another registry") << QStringLiteral("other.example") << QStringLiteral("vendor/app");
    }
    void sbomsAreAttachedToTheNewDigestToo()
    {
        QFETCH(QString, registry);
        QFETCH(QString, repository);
        attachSome();
        m_fixture->request.attachments = list();
        m_fixture->request.reattachSboms = true;
        if (registry != store().registry() || repository != store().repository())
            m_fixture->into = test::storeOf(registry, repository);
        m_fixture->request.destination = test::referenceTo(*m_fixture->into, QStringLiteral("1.4"));
        for (const QByteArray &blob : store().blobs())
            if (registry == store().registry() && m_fixture->into != m_fixture->from)
                m_fixture->into->addElsewhere(store().repository(), blob);
        markBase();
        m_fixture->urls->answer(m_fixture->address, content::UrlProbe::Verdict::Reachable, 200);
        const test::Pushed pushed = m_fixture->push();
        QVERIFY2(!pushed.error, pushed.error ? qPrintable(pushed.error->text()) : "");
        const QList<PlanStep> done = steps(pushed.report.plan, StepKind::Attachment);
        QCOMPARE(done.size(), 2); // of amd64 and of the index; that of arm64 hangs on a tag
        for (const PlanStep &each : done)
            QCOMPARE(each.outcomeName(), QStringLiteral("attached"));
        const document::ImageTree &tree = m_fixture->request.derived.tree;
        for (const NodePath &path : {NodePath::root(), NodePath::root().child(0)}) {
            const auto now = test::await(m_fixture->into->referrers(tree.node(path)->descriptor.digest, {}));
            QVERIFY(now);
            QCOMPARE(now->manifests.size(), 1); // no signature, no attestation
            const QByteArray bytes = m_fixture->into->manifestBytes(now->manifests.first().digest);
            const auto manifest = oci::Manifest::parse(bytes).value();
            QCOMPARE(manifest.subject()->digest, tree.node(path)->descriptor.digest);
            QCOMPARE(manifest.subject()->size, tree.node(path)->bytes().size());
            QVERIFY(m_fixture->into->blobs().contains(manifest.layers().first().digest));
            QVERIFY(m_fixture->into->blobs().contains(manifest.config().digest));
            // Every other byte is as it was.
            const oci::Descriptor before = ownDescriptor(m_fixture->request.original.node(path)->descriptor);
            const auto old = test::await(m_fixture->from->referrers(before.digest, {}));
            const QByteArray original =
                m_fixture->from->manifestBytes(std::ranges::find_if(old->manifests, [](const auto &each) {
                                                   return each.artifactType != QLatin1String("application/x");
                                               })->digest);
            QCOMPARE(bytes, QByteArray(original).replace(before.toJson(), ownDescriptor(*tree.node(path)).toJson()));
        }
        QCOMPARE(m_fixture->into->tagged(QStringLiteral("1.4")), m_fixture->after());
        // What is attached to the old image is there still.
        if (m_fixture->into == m_fixture->from)
            QCOMPARE(list().all.size(), 7);
    }

    void notWithoutBeingAsked()
    {
        attachSome();
        m_fixture->request.attachments = list();
        markBase();
        QVERIFY(steps(m_fixture->prepare(), StepKind::Attachment).isEmpty());
    }

    void theTagMovesLast()
    {
        attachSome();
        m_fixture->request.attachments = list();
        m_fixture->request.reattachSboms = true;
        m_fixture->request.probe = false;
        markBase();
        m_fixture->sign();
        const transfer::PushPlan plan = m_fixture->prepare();
        QList<StepKind> order;
        for (const PlanStep &each : plan.steps)
            if (order.isEmpty() || order.last() != each.kind)
                order.append(each.kind);
        QCOMPARE(order, (QList<StepKind>{StepKind::Blob, StepKind::Config, StepKind::Manifest, StepKind::Index,
                                         StepKind::Attachment, StepKind::Signature, StepKind::Tag}));
        // Whatever fails there, the tag stays.
        store().failNext(QStringLiteral("TAG ") + content::referrersTag(m_fixture->after()),
                         base::fail(base::ErrorKind::Denied, QStringLiteral("Not here.")).error());
        const test::Pushed pushed = m_fixture->push();
        QVERIFY(pushed.error);
        QCOMPARE(pushed.error->kind, base::ErrorKind::Denied);
        QCOMPARE(store().tagged(QStringLiteral("1.4")), m_fixture->before());
        bool isFailed = false;
        for (const PlanStep &each : steps(pushed.report.plan, StepKind::Attachment))
            isFailed = isFailed || each.outcome == Outcome::Failed;
        QVERIFY(isFailed);
        for (const PlanStep &each : steps(pushed.report.plan, StepKind::Signature))
            QCOMPARE(each.outcome, Outcome::Planned);
    }

    void signedListsAreNot()
    {
        attach(store(), root(), "application/vnd.example.sbom",
               "{\"payloadType\":\"x\",\"payload\":\"" + test::spdx().toBase64() + "\",\"signatures\":[{}]}");
        attach(store(), root(), "application/vnd.in-toto+json", statement("https://spdx.dev/Document"),
               "application/vnd.in-toto+json");
        m_fixture->request.attachments = list();
        QCOMPARE(m_fixture->request.attachments->of(root().digest).size(), 2);
        for (const Attachment &each : m_fixture->request.attachments->of(root().digest))
            QCOMPARE(each.kind, Kind::Sbom);
        m_fixture->request.reattachSboms = true;
        markBase();
        QVERIFY(steps(m_fixture->prepare(), StepKind::Attachment).isEmpty());
    }

    void asCommands()
    {
        attach(store(), root(), spdxType, test::spdx());
        m_fixture->request.attachments = list();
        m_fixture->request.reattachSboms = true;
        markBase();
        const transfer::PushPlan plan = m_fixture->prepare();
        const oci::Digest made = steps(plan, StepKind::Attachment).first().descriptor.digest;
        for (const auto tool : {transfer::CommandTool::Curl, transfer::CommandTool::Regctl}) {
            const QString script = transfer::commandsOf(plan, tool).join(u'\n');
            QVERIFY2(script.contains(made.hex()), qPrintable(script));
        }
    }
};

QTEST_GUILESS_MAIN(TestListAttachments)
#include "tst_listattachments.moc"
