// SPDX-License-Identifier: Apache-2.0
#include "behaviour/outlook.h"
#include "support/imagegen/imagebuilder.h"

#include <QTest>
#include <QUrl>

using namespace colophon;
using namespace colophon::behaviour;
using document::EditSet;
using document::Finding;
using document::ImageTree;
using document::NodePath;
using document::SetMarking;
using Code = Finding::Code;

namespace {
QString s(const char *text) { return QString::fromUtf8(text); }
const QStringList cdn{QStringLiteral("https://cdn.example/x")};
const QByteArray twice("\"x\":1,\"x\":2,"); // a name that may not be edited
const QString zstd = QStringLiteral("application/vnd.oci.image.layer.nondistributable.v1.tar+zstd");

QString service(const char *name) { return s("service=\"%1\"").arg(s(name)); }
const QString quay = s("Bearer realm=\"https://quay.io/v2/auth\",service=\"quay.io\"");

ImageTree image(const QList<test::LayerSpec> &layers)
{
    test::ImageBuilder builder;
    return builder.tree(builder.manifest(layers));
}
QList<Line> clients(const char *names)
{
    return linesNamed(Knowledge::shipped(), Party::Kind::Client, s(names).split(u' ')).value_or(QList<Line>());
}
RegistryIdentity sending(const char *header, const QString &value)
{
    return recognise(Knowledge::shipped(), {{s(header), value}});
}
// What is found before this image is pushed as it is.
QList<Finding> found(const ImageTree &tree, const RegistryIdentity &identity, const QList<Line> &lines = {})
{
    return findingsBeforePush(Knowledge::shipped(), lines, tree, {tree, {}}, {s("r.example"), identity});
}
QStringList codes(const QList<Finding> &findings)
{
    QStringList all;
    for (const Finding &finding : findings)
        all << document::nameOf(finding.code) + u' ' + document::nameOf(finding.severity);
    return all;
}
} // namespace

class TestOutlook : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aZstdMarkIsNotKnownToAll()
    {
        const ImageTree tree = image({test::ordinary("a"), {"b", zstd, cdn}, {"c", zstd, cdn}});
        const QList<Finding> findings = behaviour::findingsOf(Knowledge::shipped(), tree);
        QCOMPARE(codes(findings), QStringList(s("marking-not-known warn")));
        QCOMPARE(
            findings[0].message,
            s("The marking of a zstd layer is not known to crane, CNCF Distribution and Quay, which treat it as an "
              "ordinary one: 2 layers may be uploaded or asked for all the same. Make it distributable, or compress "
              "it with gzip."));
        const auto mended = document::apply(tree, EditSet().with(findings[0].repair));
        QVERIFY(mended);
        QVERIFY(behaviour::findingsOf(Knowledge::shipped(), mended->tree).isEmpty());
        QCOMPARE(mended->tree.descriptor(*NodePath::parse(s("/layers/2")))->marking(), oci::Marking::Distributable);
        // Others have nothing of the kind.
        QVERIFY(behaviour::findingsOf(Knowledge::shipped(), image({test::foreign("a", cdn)})).isEmpty());
        QVERIFY(behaviour::findingsOf(Knowledge::shipped(), ImageTree()).isEmpty());
    }
    void whatMayNotBeEditedHasNoRepair()
    {
        test::ImageBuilder builder;
        const ImageTree tree = builder.tree(builder.manifest({{"b", zstd, cdn}}, s("linux/amd64"), -1, twice));
        const QList<Finding> findings = behaviour::findingsOf(Knowledge::shipped(), tree);
        QCOMPARE(findings.size(), 1);
        QVERIFY(findings[0].repair.isEmpty());
    }

    void anImageWithoutMarksHasNothingToSay()
    {
        QVERIFY(found(image({test::ordinary("a")}), {}, clients("containerd skopeo")).isEmpty());
        QVERIFY(found(ImageTree(), {}).isEmpty());
    }
    void theDestination_data()
    {
        QTest::addColumn<QList<test::LayerSpec>>("layers");
        QTest::addColumn<QString>("header");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("message");
        const QString auth = s("www-authenticate");
        const test::LayerSpec marked = test::foreign("a", cdn);
        const test::LayerSpec packed{"a", zstd, cdn};
        QTest::newRow("takes it")
            << QList{marked} << auth << service("harbor-registry") << s("registry-accepts inform")
            << s("r.example is Harbor, by its WWW-Authenticate header. Harbor accepts any http or "
                 "https address and need not hold the layer, but counts it against the quota.");
        QTest::newRow("wants what stays behind")
            << QList{packed} << auth << quay << s("registry-refuses warn")
            << s("r.example is Quay, by its WWW-Authenticate header. Quay does not know the marking of a zstd layer "
                 "and "
                 "must hold it.");
        QTest::newRow("reported, not tried")
            << QList{marked} << auth << s("realm=\"https://auth.docker.io/token\",") + service("registry.docker.io")
            << s("registry-accepts inform")
            << s("r.example is Docker Hub, by its WWW-Authenticate header. Docker Hub was reported to accept the image "
                 "without the layer (reported in August 2021).");
        QTest::newRow("not known")
            << QList{marked} << auth << s("realm=\"https://ghcr.io/token\",") + service("ghcr.io")
            << s("registry-not-known inform")
            << s("r.example is GitHub Container Registry, by its WWW-Authenticate header. Whether GitHub Container "
                 "Registry accepts such an image is not known: no report or source was found.");
        QTest::newRow("not recognised")
            << QList{marked} << s("server") << s("nginx") << s("registry-not-known inform")
            << s("r.example is not recognised: it sends nothing that tells which registry it is. Should it be one that "
                 "cannot be told by what it sends: CNCF Distribution as it comes allows no addresses and refuses the "
                 "image with a 500 that does not say why, whether it holds the layer or not.");
        QTest::newRow("a proxy alone")
            << QList{marked} << s("server") << s("Nexus/3.70.0") << s("registry-not-known inform")
            << s("r.example is Sonatype Nexus 3.70.0, by its Server header. What it accepts was not looked at.");
    }
    void theDestination()
    {
        QFETCH(QList<test::LayerSpec>, layers);
        QFETCH(QString, header);
        QFETCH(QString, value);
        QFETCH(QString, code);
        QFETCH(QString, message);
        const QList<Finding> findings = found(image(layers), recognise(Knowledge::shipped(), {{header, value}}));
        QCOMPARE(codes(findings), QStringList(code));
        QCOMPARE(findings[0].message, message);
    }
    void aRefusalSaysWhatWouldHelp()
    {
        const auto named = registryNamed(Knowledge::shipped(), s("distribution@2.8.3"));
        const QList<Finding> findings = found(image({test::foreign("a", cdn), test::foreign("b", cdn)}), *named);
        QCOMPARE(codes(findings), QStringList(s("registry-refuses warn"))); // once, however many layers
        QVERIFY2(findings[0].message.endsWith(s(" It accepts it where validation.manifests.urls.allow names the "
                                                "address or validation.disabled is true.")),
                 qPrintable(findings[0].message));
        QCOMPARE(findings[0].link, s("https://distribution.github.io/distribution/about/configuration/#manifests"));
    }
    void customersWithoutAConnection()
    {
        const ImageTree tree = image({test::foreign("a", cdn), test::ordinary("b")});
        const RegistryIdentity harbor = sending("www-authenticate", service("harbor-registry"));
        const QList<Finding> findings = found(tree, harbor, clients("containerd podman docker-windows@28"));
        QCOMPARE(codes(findings),
                 (QStringList{s("registry-accepts inform"), s("disconnected warn"), s("disconnected warn")}));
        QCOMPARE(findings[1].message,
                 s("Customers who cannot reach cdn.example cannot pull this image with containerd, podman 5.0 to 5.6 "
                   "or podman 5.7 and later, even from a registry or mirror that holds everything: the addresses are "
                   "asked first. If you have such customers, make the layers distributable."));
        // podman 4 turns to the registry where nothing answers.
        QCOMPARE(findings[2].message,
                 s("Customers for whom something else answers in place of cdn.example, such as a proxy with an error "
                   "page, cannot pull this image with podman 4: only where nothing answers is the registry asked. If "
                   "you have such customers, make the layers distributable."));
        // Clients that turn to the registry, and layers without addresses, are none of it.
        QCOMPARE(found(tree, harbor, clients("docker-windows@28 crane")).size(), 1);
        QCOMPARE(codes(found(image({test::foreign("a")}), harbor, clients("containerd"))),
                 QStringList(s("registry-accepts inform")));
    }
    void customersWhoseClientsNeverAsk()
    {
        const QStringList code{s("addresses-ignored warn")};
        const auto ask = [](const QList<test::LayerSpec> &layers, const char *names) {
            return findingsForCustomers(Knowledge::shipped(), clients(names), groupsOf(image(layers)),
                                        NodePath::root().layerAt(0));
        };
        QList<Finding> findings = ask({test::foreign("a", cdn), test::ordinary("b")}, "docker-linux docker-windows@28");
        QCOMPARE(codes(findings), code);
        QCOMPARE(findings[0].message,
                 s("Customers with Docker on Linux cannot pull this image from a registry that lacks the layers which "
                   "stay behind, such as one it is copied to: their addresses are never asked. If you have such "
                   "customers, make the layers distributable, or put them into every registry these pull from."));
        QCOMPARE(findings[0].path.toString(), s("/layers/0"));
        QCOMPARE(findings[0].link, s("https://github.com/moby/moby/pull/27961"));
        // Of one version, that version is spoken.
        findings = ask({test::foreign("a", cdn)}, "docker-linux@20.10");
        QVERIFY(findings[0].message.startsWith(s("Customers with Docker 20.10 on Linux cannot pull")));
        // Clients that ask, and layers that do not stay behind or have no address, are none of it.
        QVERIFY(ask({test::foreign("a", cdn)}, "docker-windows@28 crane").isEmpty());
        QVERIFY(ask({test::foreign("a"), test::ordinary("b")}, "docker-linux").isEmpty());
        QVERIFY(
            ask({test::LayerSpec{"a", oci::MediaType::dockerLayerGzip().toString(), cdn}}, "docker-linux").isEmpty());
        // It is said before the push.
        findings = found(image({test::foreign("a", cdn)}), sending("www-authenticate", service("harbor-registry")),
                         clients("docker-linux containerd"));
        QCOMPARE(codes(findings),
                 (QStringList{s("registry-accepts inform"), s("disconnected warn"), s("addresses-ignored warn")}));
        QCOMPARE(findings[1].link, s("https://github.com/containerd/containerd/issues/7676"));
    }
    void whatIsHalfMarkedOrUnfetchable()
    {
        const auto ask = [](const QList<test::LayerSpec> &layers, const char *names) {
            QStringList said;
            for (const Finding &each : findingsForCustomers(Knowledge::shipped(), clients(names),
                                                            groupsOf(image(layers)), NodePath::root().layerAt(0)))
                said << document::nameOf(each.code) + s(": ") + each.message;
            return said;
        };
        const test::LayerSpec half{"a", oci::MediaType::dockerLayerGzip().toString(), cdn};
        const QString cannotReach =
            s("disconnected: Customers who cannot reach cdn.example cannot pull this image with "
              "containerd, even from a registry or mirror that holds everything: the addresses "
              "are asked first. If you have such customers, ");
        QCOMPARE(ask({half, test::ordinary("b")}, "containerd"), QStringList(cannotReach + s("remove the addresses.")));
        QCOMPARE(ask({half, test::foreign("b", cdn)}, "containerd"),
                 QStringList(cannotReach + s("make the layers distributable and remove all addresses.")));
        // Who copies leaves them behind, and who pulls the copy never asks.
        QCOMPARE(ask({half}, "docker-linux skopeo regctl crane"),
                 QStringList(s("addresses-ignored: Customers with Docker on Linux cannot pull a copy of this image "
                               "that is made with skopeo or regctl: layers that have addresses stay behind, though "
                               "their type is an ordinary one, and these are never asked. If you have such customers, "
                               "remove the addresses.")));
        QVERIFY(ask({half}, "skopeo regctl crane").isEmpty()); // none of them asks in vain
        QCOMPARE(ask({test::foreign("a")}, "crane@0.22 oras nerdctl skopeo"),
                 QStringList(s("unfetchable: Nobody can pull a copy of this image that is made with crane 0.21.6 and "
                               "later, oras or nerdctl: the layers that stay behind have no address. Make them "
                               "distributable, or give them addresses.")));
    }
    void whoMarksAnewIsToldWhatIsThoughtOfIt()
    {
        const ImageTree tree = image({test::ordinary("a"), test::foreign("b", cdn)});
        const Knowledge knowledge = Knowledge::shipped();
        QVERIFY(knowledge.remarks().size() >= 3);
        const auto marked =
            document::apply(tree, EditSet().with(SetMarking{*NodePath::parse(s("/layers/0")), true, cdn}));
        QStringList links;
        for (const Finding &finding : findingsBeforePush(knowledge, {}, tree, *marked, {s("r.example"), {}})) {
            if (finding.code != Code::Background)
                continue;
            QCOMPARE(finding.severity, Finding::Severity::Inform);
            const QUrl link(finding.link, QUrl::StrictMode);
            QVERIFY2(link.isValid() && link.scheme().startsWith(u"http"), qPrintable(finding.link));
            QVERIFY(document::inWords(finding).endsWith(finding.link));
            links << finding.link;
        }
        QCOMPARE(links.size(), knowledge.remarks().size());
        // Another address marks nothing anew.
        const auto moved = document::apply(
            tree, EditSet().with(SetMarking{*NodePath::parse(s("/layers/1")), true, {s("https://dl.example/x")}}));
        for (const Finding &finding : findingsBeforePush(knowledge, {}, tree, *moved, {s("r.example"), {}}))
            QVERIFY(finding.code != Code::Background);
    }
    void theAdviceKnowsWhatSomebodySaysTheDestinationIs()
    {
        const ImageTree tree = image({test::foreign("a", cdn)});
        const auto said = registryNamed(Knowledge::shipped(), s("distribution@2.8"));
        const auto advise =
            adviceFor(Knowledge::shipped(), clients("skopeo") + said->lines, tree, {tree, {}}, s("r.example"));
        QCOMPARE(advise({}), found(tree, *said, clients("skopeo")));
        QCOMPARE(codes(advise({})), QStringList(s("registry-refuses warn")));
        // What it sends counts more.
        QVERIFY(advise({{s("www-authenticate"), service("harbor-registry")}})[0].message.contains(s("is Harbor, by")));
    }
    void theAdviceOfAPlanIsTheSame()
    {
        const ImageTree tree = image({test::foreign("a", cdn)});
        const auto advise = adviceFor(Knowledge::shipped(), clients("containerd"), tree, {tree, {}}, s("r.example"));
        QCOMPARE(advise({{s("www-authenticate"), service("harbor-registry")}}),
                 found(tree, sending("www-authenticate", service("harbor-registry")), clients("containerd")));
    }
};

QTEST_GUILESS_MAIN(TestOutlook)
#include "tst_outlook.moc"
