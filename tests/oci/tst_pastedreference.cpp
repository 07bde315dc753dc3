// SPDX-License-Identifier: Apache-2.0
#include "oci/pastedreference.h"

#include <QTest>

class TestPastedReference : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void understands_data()
    {
        QTest::addColumn<QString>("pasted");
        QTest::addColumn<QString>("reference");
        const QString digest = QStringLiteral("sha256:") + QString(64, u'a');
        const auto row = [](const QString &pasted, const QString &reference) {
            QTest::newRow(qPrintable(pasted.simplified())) << pasted << reference;
        };
        const QString app = QStringLiteral("registry.example/vendor/app:1.4");
        row(app, app);
        row(QStringLiteral("  %1\n").arg(app), app);
        row(QStringLiteral("docker pull %1").arg(app), app);
        row(QStringLiteral("docker image pull %1\n").arg(app), app);
        row(QStringLiteral("podman pull -q %1").arg(app), app);
        row(QStringLiteral("$ sudo podman pull --arch arm64 --tls-verify=false %1").arg(app), app);
        row(QStringLiteral("nerdctl pull --platform=linux/arm64 %1").arg(app), app);
        row(QStringLiteral("docker://%1").arg(app), app);
        row(QStringLiteral("oci://%1").arg(app), app);
        row(QStringLiteral("skopeo inspect --raw docker://%1").arg(app), app);
        row(QStringLiteral("https://registry.example/v2/vendor/app/manifests/1.4"), app);
        row(QStringLiteral("https://registry.example:8443/v2/app/manifests/%1").arg(digest),
            QStringLiteral("registry.example:8443/app@") + digest);
        row(QStringLiteral("http://localhost/v2/app/manifests/1"), QStringLiteral("localhost:80/app:1"));
        row(QStringLiteral("https://[::1]:5000/v2/app/tags/list?n=10"), QStringLiteral("[::1]:5000/app"));
        row(QStringLiteral("https://hub.docker.com/r/vendor/app"), QStringLiteral("docker.io/vendor/app"));
        row(QStringLiteral("https://hub.docker.com/r/vendor/app/tags?page=1"), QStringLiteral("docker.io/vendor/app"));
        row(QStringLiteral("https://hub.docker.com/_/alpine"), QStringLiteral("docker.io/library/alpine"));
        row(QStringLiteral("https://quay.io/repository/vendor/app"), QStringLiteral("quay.io/vendor/app"));
        // What could mean two things, or nothing, stays what it is.
        for (const char *other : {"", "docker", "docker pull", "docker run alpine", "docker pull a b",
                                  "podman pull --platform alpine", "skopeo copy docker://a docker://b",
                                  "https://registry.example/vendor/app", "https://registry.example/v2/",
                                  "https://user@registry.example/v2/app/manifests/1", "https://hub.docker.com/r/vendor",
                                  "https://hub.docker.com/u/vendor", "ftp://registry.example/v2/app/manifests/1"})
            row(QString::fromLatin1(other), QString::fromLatin1(other));
    }

    void understands()
    {
        QFETCH(QString, pasted);
        QTEST(colophon::oci::referenceIn(pasted), "reference");
    }
};

QTEST_GUILESS_MAIN(TestPastedReference)
#include "tst_pastedreference.moc"
