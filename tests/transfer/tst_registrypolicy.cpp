// SPDX-License-Identifier: Apache-2.0
#include "transfer/registrypolicy.h"

#include <QTest>

using namespace colophon;
using transfer::RegistryPolicy;

class TestRegistryPolicy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answers_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("policy");
        QTest::newRow("Harbor, immutable")
            << 412 << "PRECONDITION" << "Failed to process request due to 'library/app:1' configured as immutable."
            << "immutable-tag";
        QTest::newRow("Harbor, quota") << 403 << "DENIED"
                                       << "adding 20.3 MiB of storage resource, which when updated to current usage of "
                                          "300.0 GiB will exceed the configured upper limit of 300.0 GiB."
                                       << "quota";
        QTest::newRow("Harbor, read-only")
            << 403 << "DENIED" << "The system is in read only mode. Any modification is prohibited." << "read-only";
        QTest::newRow("ECR, immutable") << 400 << "TAG_INVALID"
                                        << "The image tag '1.4' already exists in the 'app' repository and cannot be "
                                           "overwritten because the repository is immutable."
                                        << "immutable-tag";
        QTest::newRow("ECR, by its API's name")
            << 400 << "" << "ImageTagAlreadyExistsException: tag exists" << "immutable-tag";
        QTest::newRow("ECR, too many images")
            << 400 << "" << "LimitExceededException: the repository has reached its limit" << "quota";
        QTest::newRow("Azure, locked or full")
            << 405 << "REGISTRY_DISALLOWED_OPERATION"
            << "The operation is disallowed on this registry, repository or image. View troubleshooting steps at "
               "https://aka.ms/acr/faq/"
            << "locked";
        QTest::newRow("Azure, through a proxy")
            << 400 << "UNKNOWN" << "The operation is disallowed on this registry, repository or image." << "locked";
        QTest::newRow("Artifact Registry, immutable")
            << 400 << "MANIFEST_INVALID" << "cannot update tag 1.4. The repository has enabled tag immutability"
            << "immutable-tag";
        QTest::newRow("Cloud Storage, retention")
            << 500 << "UNKNOWN" << "Object 'x' is subject to bucket's retention policy and cannot be overwritten"
            << "retention";
        QTest::newRow("Quay, immutable") << 409 << "TAG_IMMUTABLE" << "tag is immutable and cannot be overwritten"
                                         << "immutable-tag";
        QTest::newRow("Quay, quota") << 403 << "DENIED" << "Quota has been exceeded on namespace" << "quota";
        QTest::newRow("Quay, read-only")
            << 405 << "DENIED"
            << "System is currently read-only. Pulls will succeed but all write operations are currently suspended."
            << "read-only";
        QTest::newRow("Quay, no pushes") << 405 << "METHOD NOT ALLOWED"
                                         << "Pushes to the registry are currently disabled. Please contact the "
                                            "administrator for more information."
                                         << "read-only";
        QTest::newRow("Docker Hub, immutable")
            << 403 << "DENIED"
            << "requested access to the resource is denied - This tag is already assigned to an image in this "
               "repository "
               "and cannot be updated due to immutability settings. To push this image, use a different tag."
            << "immutable-tag";
        QTest::newRow("GitLab, immutable") << 403 << "DENIED" << "tag is immutable" << "immutable-tag";
        QTest::newRow("GitLab, protected")
            << 403 << "DENIED" << "insufficient role for protected tag" << "immutable-tag";
        QTest::newRow("Alibaba, immutable")
            << 403 << "DENIED" << "The requested tag already exists and cannot be overwritten." << "immutable-tag";
        QTest::newRow("docker-registry, read-only")
            << 405 << "UNSUPPORTED" << "The operation is unsupported." << "read-only";
        QTest::newRow("docker-registry, older") << 405 << "" << "Method not allowed" << "read-only";
        QTest::newRow("by the word") << 409 << "CONFLICT" << "Immutable repository" << "immutable-tag";
        QTest::newRow("storage full") << 507 << "" << "" << "quota";
        QTest::newRow("locked by WebDAV's status") << 423 << "" << "" << "immutable-tag";
        // What is none of this.
        QTest::newRow("no permission") << 403 << "DENIED" << "requested access to the resource is denied" << "none";
        QTest::newRow("not signed in") << 401 << "UNAUTHORIZED" << "read-only token" << "none";
        QTest::newRow("invalid manifest") << 400 << "MANIFEST_INVALID" << "manifest invalid" << "none";
        QTest::newRow("addresses not allowed") << 500 << "UNKNOWN" << "unknown error" << "none";
        QTest::newRow("too many requests") << 429 << "TOOMANYREQUESTS" << "slow down" << "none";
        QTest::newRow("precondition without a word") << 412 << "" << "" << "none";
        QTest::newRow("too large") << 413 << "" << "" << "none";
        QTest::newRow("down") << 503 << "" << "" << "none";
        QTest::newRow("no answer") << 0 << "" << "connection reset, quota" << "none";
    }
    void answers()
    {
        QFETCH(int, status);
        QFETCH(QString, code);
        QFETCH(QString, words);
        base::Error refusal;
        refusal.httpStatus = status;
        refusal.wireCode = code;
        refusal.message = QStringLiteral("registry.example refused the request (%1).").arg(status);
        if (!words.isEmpty())
            refusal.message += QStringLiteral(" It says: \"%1\" (%2).").arg(words, code);
        QTEST(transfer::nameOf(transfer::policyOf(refusal)), "policy");
        QFETCH(QString, policy);
        const base::Error explained = transfer::withPolicyExplained(refusal, reference, before);
        if (policy == QLatin1String("none")) {
            QCOMPARE(explained, refusal);
            return;
        }
        QCOMPARE(explained.kind, base::ErrorKind::Denied);
        QCOMPARE(base::exitCode(explained.kind), 6);
        QCOMPARE(explained.httpStatus, status);
        QVERIFY(explained.message.startsWith(QStringLiteral("registry.example ")));
        QVERIFY(words.isEmpty() || explained.message.contains(words));
        QVERIFY(explained.hint.endsWith(
            QStringLiteral("Nothing was changed: `vendor/app:1.4` is still %1.").arg(before.toString())));
        const bool helps = policy == QLatin1String("immutable-tag") || policy == QLatin1String("locked") ||
                           policy == QLatin1String("retention");
        QCOMPARE(explained.hint.contains(
                     QStringLiteral("Push to another tag, for example registry.example/vendor/app:1.4-2.")),
                 helps);
    }
    // Our own words for a status are no words of the registry.
    void ownWordsDoNotCount()
    {
        base::Error refusal;
        refusal.httpStatus = 412;
        refusal.message = QStringLiteral("registry.example refuses to change this (412); the tag may be immutable.");
        QCOMPARE(transfer::policyOf(refusal), RegistryPolicy::None);
    }
    void anotherTag_data()
    {
        QTest::addColumn<QString>("tag");
        QTest::addColumn<QStringList>("taken");
        QTest::addColumn<QString>("other");
        QTest::newRow("next") << "1.4" << QStringList() << "1.4-2";
        QTest::newRow("first that is free")
            << "1.4" << QStringList{QStringLiteral("1.4-2"), QStringLiteral("1.4-3")} << "1.4-4";
        QTest::newRow("as long as tags may be")
            << QString(128, QLatin1Char('x')) << QStringList() << QString(126, QLatin1Char('x')) + QStringLiteral("-2");
    }
    void anotherTag()
    {
        QFETCH(QString, tag);
        QFETCH(QStringList, taken);
        QTEST(transfer::anotherTag(tag, taken), "other");
    }

private:
    const oci::Reference reference = oci::Reference::parse(QStringLiteral("registry.example/vendor/app:1.4")).value();
    const oci::Digest before = oci::Digest::of("old");
};

QTEST_GUILESS_MAIN(TestRegistryPolicy)
#include "tst_registrypolicy.moc"
