// SPDX-License-Identifier: Apache-2.0
// The promise that a push which stops anywhere leaves whole images only, tried the hard way: the process is ended at
// every request in turn, before the registry sees it and after it has done it. Each time another program pulls what the
// tags name, whose signatures verify, and a second push does only what is missing.

#include "content/referrerstag.h"
#include "oci/attachmentnames.h"
#include "oci/imageindex.h"
#include "oci/manifest.h"
#include "registry/client.h"
#include "signing/cosignlegacy.h"
#include "support/await.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/programs/programs.h"
#include "support/tapproxy/tapproxy.h"

#include <QEventLoop>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QUrl>
#include <QUrlQuery>

#include <algorithm>
#include <csignal>
#include <map>
#include <memory>
#include <utility>

using namespace colophon;
using test::await;
using test::ImageKit;
using test::Ran;
using test::TappedRequest;
using test::TapProxy;

namespace {
const QString oldTag = QStringLiteral("1");
const QString newTag = QStringLiteral("2");

struct Ended
{
    Ran ran;
    bool isKilled = false;
};

// What the registry has taken.
struct Taken
{
    QStringList blobs;     // by digest
    QStringList manifests; // by digest
    QStringList tags;      // the image's, and those that signatures go by
    QStringList all() const { return blobs + manifests + tags; }
    QStringList signatureTags() const { return tags.filter(QStringLiteral(".sig")); }
    // Under which the bundles of an image are listed, where the registry keeps no list.
    QStringList listTags() const { return tags.filter(QRegularExpression(QStringLiteral("^sha256-[0-9a-f]{64}$"))); }
};

Taken takenIn(const QList<TappedRequest> &requests)
{
    Taken taken;
    for (const TappedRequest &request : requests) {
        if (request.method != "PUT" || request.status != 201)
            continue;
        const QUrl url(QString::fromLatin1(request.path));
        const QString digest = QUrlQuery(url).queryItemValue(QStringLiteral("digest"), QUrl::FullyDecoded);
        const QString last = url.path().section(QLatin1Char('/'), -1);
        if (!digest.isEmpty())
            taken.blobs.append(digest);
        else if (last.startsWith(QLatin1String("sha256:")))
            taken.manifests.append(last);
        else
            taken.tags.append(last);
    }
    return taken;
}
} // namespace

class TestKilledPush : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        COLOPHON_NEED_DOCKER_REGISTRY();
        COLOPHON_NEED_PROGRAM("skopeo");
        COLOPHON_NEED_PROGRAM("umoci");
        test::DockerRegistryOptions allowing;
        allowing.allowUrls = {QStringLiteral("^https?://.*")};
        m_source = std::make_unique<test::DockerRegistry>(allowing);
        m_destination = std::make_unique<test::DockerRegistry>(allowing);
        QVERIFY2(m_source->isRunning(), qPrintable(m_source->problem()));
        QVERIFY2(m_destination->isRunning(), qPrintable(m_destination->problem()));
        m_proxy = std::make_unique<TapProxy>(m_destination->port());
        m_kit = std::make_unique<ImageKit>();
        ImageKit oldKit; // of its own: nothing in common with the new image
        QVERIFY2(m_kit->isReady() && oldKit.isReady(), qPrintable(m_kit->problem() + oldKit.problem()));
        QCOMPARE(m_kit->push(ImageKit::Kind::OciGzip, at(*m_source, QStringLiteral("vendor/single:1"))), QString());
        QCOMPARE(m_kit->push(ImageKit::Kind::OciIndex, at(*m_source, QStringLiteral("vendor/index:1"))), QString());
        QCOMPARE(oldKit.push(ImageKit::Kind::OciGzip, at(*m_destination, QStringLiteral("vendor/old:1"))), QString());
        m_client = std::make_unique<registry::Client>();
        const content::TargetPtr old = repository(QStringLiteral("vendor/old"));
        const auto named = await(old->resolve(oldTag, {}));
        QVERIFY(named);
        m_old = *named;
        const auto bytes = await(old->fetchManifest(m_old, {}));
        QVERIFY(bytes);
        m_oldBytes = *bytes;
    }
    void cleanupTestCase()
    {
        m_client.reset();
        m_proxy.reset();
        m_destination.reset();
        m_source.reset();
    }

    // One function each: Qt's watchdog counts a function's rows together.
    void image_data() { addMoments(); }
    void image()
    {
        QFETCH(TapProxy::Moment, moment);
        endAtEveryRequest(QStringLiteral("vendor/single:1"), oldTag, false, moment);
    }
    void imageToANewTag_data() { addMoments(); }
    void imageToANewTag()
    {
        QFETCH(TapProxy::Moment, moment);
        endAtEveryRequest(QStringLiteral("vendor/single:1"), newTag, false, moment);
    }
    void index_data() { addMoments(); }
    void index() { endAnIndexAtEveryRequest(oldTag); }
    void indexToANewTag_data() { addMoments(); }
    void indexToANewTag() { endAnIndexAtEveryRequest(newTag); }
    void indexWithSignatures_data() { addMoments(); }
    void indexWithSignatures() { endASignedIndexAtEveryRequest(oldTag); }
    void indexWithSignaturesToANewTag_data() { addMoments(); }
    void indexWithSignaturesToANewTag() { endASignedIndexAtEveryRequest(newTag); }

private:
    static void addMoments()
    {
        QTest::addColumn<TapProxy::Moment>("moment");
        QTest::newRow("before it is seen") << TapProxy::Moment::Arrived;
        QTest::newRow("after it is done") << TapProxy::Moment::Answered;
    }
    void endAnIndexAtEveryRequest(const QString &tag)
    {
        QFETCH(TapProxy::Moment, moment);
        m_unsigned[{tag, moment}] = endAtEveryRequest(QStringLiteral("vendor/index:1"), tag, false, moment);
    }
    // Up to the first signature it is the same push: from there on, if that was tried before. The last three requests
    // of the unsigned one are about the tag.
    void endASignedIndexAtEveryRequest(const QString &tag)
    {
        QFETCH(TapProxy::Moment, moment);
        const auto known = m_unsigned.find({tag, moment});
        const int first = known == m_unsigned.end() ? 1 : std::max(1, known->second - 2);
        endAtEveryRequest(QStringLiteral("vendor/index:1"), tag, true, moment, first);
    }
    // The number of requests the push has. Fails the test where anything is not as promised.
    int endAtEveryRequest(const QString &image, const QString &tag, bool isSigned, TapProxy::Moment moment,
                          int first = 1)
    {
        int requests = 0;
        tryEveryRequest(image, tag, isSigned, moment, first, requests);
        return requests;
    }
    void tryEveryRequest(const QString &image, const QString &tag, bool isSigned, TapProxy::Moment moment, int from,
                         int &ended)
    {
        // What only reads leaves nothing behind: that it was answered makes no difference.
        const auto counts = [moment](const TappedRequest &request) {
            return moment == TapProxy::Moment::Arrived || request.isWrite();
        };
        int withoutTheNew = 0;
        int withTheNew = 0;
        ended = from - 1;
        for (int k = from; k < 200; ++k) {
            const QString name = QStringLiteral("app/run%1").arg(++m_runs);
            prepare(name);
            m_proxy->clear();
            QProcess process;
            m_proxy->tripAt(k, moment, counts, [&process] {
                if (process.processId() > 0)                                  // 0 would be all of this test
                    ::kill(static_cast<pid_t>(process.processId()), SIGKILL); // the one just started
            });
            const Ended first = run(process, mark(image, name, tag, isSigned));
            const QList<TappedRequest> firstRequests = m_proxy->requests();
            const bool wasTripped = m_proxy->hasTripped();
            m_proxy->clear(); // what is asked from here on is not counted, and ends nothing
            const oci::Digest after = digestOf(name, tag);
            if (!wasTripped) {
                QVERIFY2(first.ran.exitCode == 0, qPrintable(first.ran.text()));
                checkIsWhole(name, tag, isSigned, "not ended");
                break;
            }
            QVERIFY2(first.isKilled, qPrintable(first.ran.text()));
            ++ended;
            const QByteArray where =
                QStringLiteral("ended at request %1 (%2)").arg(k).arg(lastOf(firstRequests)).toUtf8();

            // The old image under its tag, or the new one: nothing between. A new tag names the new one or nothing.
            const bool hasTheNew = !after.isNull() && after != m_old.digest;
            ++(hasTheNew ? withTheNew : withoutTheNew);
            if (tag == oldTag)
                QVERIFY2(!after.isNull(), where);
            else
                QCOMPARE(digestOf(name, oldTag), m_old.digest);
            if (tag != oldTag || !hasTheNew)
                QVERIFY2(pulls(name, oldTag), where);
            if (hasTheNew)
                checkIsWhole(name, tag, isSigned, where);
            if (QTest::currentTestFailed())
                return;

            m_proxy->clear();
            QProcess again;
            const Ended second = run(again, mark(image, name, tag, isSigned));
            const Taken then = takenIn(m_proxy->requests());
            QVERIFY2(second.ran.exitCode == 0, qPrintable(QString::fromUtf8(where) + second.ran.text()));
            const oci::Digest done = digestOf(name, tag);
            QVERIFY2(done != m_old.digest && !done.isNull(), where);
            if (hasTheNew)
                QCOMPARE(done, after);
            checkIsWhole(name, tag, isSigned, where);
            checkOnlyMissing(takenIn(firstRequests), then, partsOf(name, tag), isSigned, tag == oldTag, where);
            if (QTest::currentTestFailed())
                return;
        }
        qInfo("ended at requests %d to %d; the tag named the new image %d times", from, ended, withTheNew);
        QVERIFY(ended >= (moment == TapProxy::Moment::Arrived ? 8 : 4));
        QVERIFY(withoutTheNew > 0 && withTheNew > 0);
    }
    // What a tag names that was moved: another program takes all of it, and every part is signed.
    void checkIsWhole(const QString &name, const QString &tag, bool isSigned, const QByteArray &where)
    {
        QVERIFY2(pulls(name, tag), where);
        if (!isSigned)
            return;
        const QStringList parts = partsOf(name, tag);
        QVERIFY2(parts.size() == 3, where); // the index and its two images
        for (const QString &part : parts) {
            QProcess verify;
            const Ended verified = run(verify, {QStringLiteral("verify"),
                                                m_proxy->host() + QLatin1Char('/') + name + QLatin1Char('@') + part,
                                                QStringLiteral("--key"), key(QStringLiteral("pub"))});
            QVERIFY2(verified.ran.exitCode == 0, qPrintable(QString::fromUtf8(where) + verified.ran.text()));
        }
    }
    // Nothing went up again that had, signatures included; together the two pushes put all there is.
    static void checkOnlyMissing(const Taken &before, const Taken &then, const QStringList &parts, bool isSigned,
                                 bool inBothForms, const QByteArray &where)
    {
        const QStringList again = then.all();
        for (const QString &each : again) {
            QVERIFY2(!before.all().contains(each),
                     qPrintable(QString::fromUtf8(where) + QStringLiteral(": again ") + each));
            QVERIFY2(again.count(each) == 1, qPrintable(QString::fromUtf8(where) + QStringLiteral(": twice ") + each));
        }
        // One manifest for each signature that was missing, and each in both forms: a signature differs each time, and
        // so does its digest.
        const auto isNoPart = [&parts](const QString &digest) { return !parts.contains(digest); };
        QVERIFY2(std::ranges::count_if(then.manifests, isNoPart) ==
                     then.signatureTags().size() + then.listTags().size(),
                 where);
        QStringList expected;
        QStringList expectedLists;
        if (isSigned) {
            for (const QString &part : parts) {
                expected.append(oci::signatureTag(*oci::Digest::parse(part)));
                if (inBothForms)
                    expectedLists.append(content::referrersTag(*oci::Digest::parse(part)));
            }
        }
        const auto areThose = [&where](QStringList tags, QStringList wanted) {
            tags.sort();
            wanted.sort();
            QVERIFY2(tags == wanted,
                     qPrintable(QString::fromUtf8(where) + QStringLiteral(": ") + tags.join(QLatin1Char(' '))));
        };
        areThose(before.signatureTags() + then.signatureTags(), expected);
        areThose(before.listTags() + then.listTags(), expectedLists);
    }

    static QString at(const test::DockerRegistry &registry, const QString &image)
    {
        return registry.host() + QLatin1Char('/') + image;
    }
    static QString key(const QString &suffix)
    {
        return QStringLiteral(COLOPHON_TEST_DATA "/signing/keys/cosign-nopass.") + suffix;
    }
    static QString lastOf(const QList<TappedRequest> &requests)
    {
        return requests.isEmpty() ? QString()
                                  : QString::fromLatin1(requests.last().method + ' ' + requests.last().path.left(120));
    }
    content::TargetPtr repository(const QString &name) const
    {
        return m_client->target(*oci::Reference::parse(QString(at(*m_destination, name) + QStringLiteral(":x"))));
    }
    oci::Digest digestOf(const QString &name, const QString &tag) const
    {
        const auto named = await(repository(name)->resolve(tag, {}));
        return named ? named->digest : oci::Digest();
    }
    // The digests of what the tag names and, of an index, of what is in it.
    QStringList partsOf(const QString &name, const QString &tag) const
    {
        const content::TargetPtr target = repository(name);
        const auto named = await(target->resolve(tag, {}));
        if (!named)
            return {};
        QStringList parts{named->digest.toString()};
        const auto bytes = await(target->fetchManifest(*named, {}));
        const auto index = bytes ? oci::ImageIndex::parse(*bytes) : base::fail(bytes.error());
        if (index) {
            for (const oci::Descriptor &each : index->manifests())
                parts.append(each.digest.toString());
        }
        return parts;
    }
    // A repository with the old image in it, tagged.
    void prepare(const QString &name)
    {
        const content::TargetPtr target = repository(name);
        const auto manifest = oci::Manifest::parse(m_oldBytes);
        QVERIFY(manifest);
        for (const oci::Descriptor &blob : manifest->layers() + QList<oci::Descriptor>{manifest->config()})
            QVERIFY(await(target->mountBlob(blob, QStringLiteral("vendor/old"), {})).value_or(false));
        QVERIFY(await(target->tag(m_old, m_oldBytes, oldTag, {})));
    }
    QStringList mark(const QString &image, const QString &name, const QString &tag, bool isSigned) const
    {
        QStringList arguments{
            QStringLiteral("mark"),    at(*m_source, image),
            QStringLiteral("--to"),    m_proxy->host() + QLatin1Char('/') + name + QLatin1Char(':') + tag,
            QStringLiteral("--url"),   QStringLiteral("http://{registry}/v2/{repository}/blobs/{digest}"),
            QStringLiteral("--layer"), QStringLiteral("0")};
        if (isSigned)
            arguments << QStringLiteral("--key") << key(QStringLiteral("key"));
        if (isSigned && tag == newTag) // in one form, where the order is the same: each form has its many requests
            arguments << QStringLiteral("--format") << QStringLiteral("cosign-legacy");
        return arguments;
    }
    // Runs colophonctl while the proxy goes on working.
    Ended run(QProcess &process, const QStringList &arguments) const
    {
        Ended ended;
        ended.ran.command = QStringLiteral("colophonctl ") + arguments.join(QLatin1Char(' '));
        process.setProcessEnvironment(m_kit->environment());
        QEventLoop loop; // not QTest::qWaitFor: that sleeps, and with it the proxy
        QObject::connect(&process, &QProcess::finished, &loop, &QEventLoop::quit);
        QObject::connect(&process, &QProcess::errorOccurred, &loop, &QEventLoop::quit);
        QTimer::singleShot(30'000, &loop, &QEventLoop::quit);
        process.start(QStringLiteral(COLOPHONCTL), arguments);
        process.closeWriteChannel();
        loop.exec();
        if (process.state() != QProcess::NotRunning && !process.waitForFinished(1000)) {
            process.kill();
            process.waitForFinished(5000);
            ended.ran.err = "(took too long)";
            return ended;
        }
        ended.ran.out = process.readAllStandardOutput();
        ended.ran.err = process.readAllStandardError();
        ended.isKilled = process.exitStatus() == QProcess::CrashExit;
        if (!ended.isKilled)
            ended.ran.exitCode = process.exitCode();
        return ended;
    }
    // Whether skopeo can take all of it to a disk.
    bool pulls(const QString &name, const QString &tag) const
    {
        const QTemporaryDir folder;
        const Ran pulled = test::run(QStringLiteral("skopeo"),
                                     {QStringLiteral("--insecure-policy"), QStringLiteral("copy"), QStringLiteral("-q"),
                                      QStringLiteral("--all"), QStringLiteral("--src-tls-verify=false"),
                                      QStringLiteral("docker://") + at(*m_destination, name) + QLatin1Char(':') + tag,
                                      QStringLiteral("dir:") + folder.path()},
                                     m_kit->environment());
        if (pulled.exitCode != 0)
            qWarning("%s", qPrintable(pulled.text()));
        return pulled.exitCode == 0;
    }

    std::unique_ptr<test::DockerRegistry> m_source;
    std::unique_ptr<test::DockerRegistry> m_destination;
    std::unique_ptr<TapProxy> m_proxy;
    std::unique_ptr<ImageKit> m_kit;
    std::unique_ptr<registry::Client> m_client;
    oci::Descriptor m_old;
    QByteArray m_oldBytes;
    std::map<std::pair<QString, TapProxy::Moment>, int> m_unsigned; // requests of the unsigned push, by tag
    int m_runs = 0;
};

QTEST_GUILESS_MAIN(TestKilledPush)
#include "tst_killedpush.moc"
