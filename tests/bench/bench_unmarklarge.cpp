// SPDX-License-Identifier: Apache-2.0
// A layer of 1 GiB unmarked from its url into another registry, against `curl GET | curl PUT` of the same blob: by
// turns in the same run, each into a registry of its own that is empty, and the medians compared. Arguments: MiB, runs.
#include "base/limits.h"
#include "registry/client.h"
#include "support/bigimage/bigimage.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/measured/measured.h"

#include <QCoreApplication>
#include <QProcess>

#include <algorithm>
#include <cstdio>
#include <unistd.h>
#include <vector>

using namespace colophon;
using test::DockerRegistry;
using test::Measured;

namespace {

void require(const QString &failed)
{
    if (!failed.isEmpty())
        qFatal("%s", qPrintable(failed));
}

oci::Reference at(const DockerRegistry &registry, const char *name)
{
    return *oci::Reference::parse(QString(registry.host() + QLatin1String(name)));
}

std::unique_ptr<DockerRegistry> emptyRegistry()
{
    test::DockerRegistryOptions allowing;
    allowing.allowUrls = {QStringLiteral("^https?://.*")};
    auto registry = std::make_unique<DockerRegistry>(allowing);
    require(registry->problem());
    ::sync(); // what an earlier run wrote is not this one's work
    return registry;
}

Measured byColophon(registry::Client &client, const test::BigImage &big, const oci::Reference &layers)
{
    const auto registry = emptyRegistry();
    const oci::Reference image = at(*registry, "/vendor/image:1");
    require(big.pushImage(client, image, layers));
    return test::measured(QStringLiteral(COLOPHONCTL),
                          {QStringLiteral("unmark"), image.toString(), QStringLiteral("--quiet"),
                           QStringLiteral("--layer"), QStringLiteral("0")});
}

Measured byCurl(registry::Client &client, const test::BigImage &big, const oci::Reference &layers)
{
    const auto registry = emptyRegistry();
    QProcess open;
    open.start(QStringLiteral("curl"),
               {QStringLiteral("-s"), QStringLiteral("-o"), QStringLiteral("/dev/null"), QStringLiteral("-w"),
                QStringLiteral("%header{location}"), QStringLiteral("-X"), QStringLiteral("POST"),
                QStringLiteral("http://%1/v2/vendor/image/blobs/uploads/").arg(registry->host())});
    open.waitForFinished();
    const QString session = QString::fromUtf8(open.readAllStandardOutput());
    if (!session.startsWith(QLatin1String("http")))
        qFatal("curl opened no upload: %s", qPrintable(session));
    return test::measured(
        QStringLiteral("sh"),
        {QStringLiteral("-c"),
         QStringLiteral(
             "curl -sf \"$1\" | curl -sf -o /dev/null -H 'Content-Type: application/octet-stream' -T - \"$2\""),
         QStringLiteral("sh"), client.target(layers)->blobAddress(big.layer().digest),
         session + QStringLiteral("&digest=") + big.layer().digest.toString()});
}

double medianSeconds(std::vector<Measured> runs)
{
    std::ranges::sort(runs, {}, &Measured::seconds);
    const size_t middle = runs.size() / 2;
    return runs.size() % 2 ? runs[middle].seconds : (runs[middle - 1].seconds + runs[middle].seconds) / 2;
}

} // namespace

int main(int argc, char *argv[])
{
    const QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const qint64 megabytes = arguments.value(1, QStringLiteral("1024")).toLongLong();
    const int runs = arguments.value(2, QStringLiteral("3")).toInt();
    if (test::programOnPath(QStringLiteral("curl")).isEmpty())
        qFatal("The program 'curl' is not installed.");

    registry::Client client;
    const DockerRegistry vendor;
    require(vendor.problem());
    const oci::Reference layers = at(vendor, "/vendor/layers:none");
    const test::BigImage big(megabytes * base::limits::MiB);
    require(big.pushLayer(client, layers));

    std::vector<Measured> ours;
    std::vector<Measured> theirs;
    for (int run = 0; run < runs; ++run) {
        ours.push_back(byColophon(client, big, layers));
        theirs.push_back(byCurl(client, big, layers));
        for (const auto &[name, took] :
             {std::pair{"colophonctl unmark", ours.back()}, std::pair{"curl | curl", theirs.back()}}) {
            if (took.exitCode != 0)
                qFatal("%s ended with %d.", name, took.exitCode);
            std::printf("  %-20s %4lld MiB  %7.3f s   peak %6.1f MiB\n", name, static_cast<long long>(megabytes),
                        took.seconds, took.peakMiB);
            std::fflush(stdout);
        }
    }
    std::printf("  median %.3f s against %.3f s: %.2f times as long\n", medianSeconds(ours), medianSeconds(theirs),
                medianSeconds(ours) / medianSeconds(theirs));
}
