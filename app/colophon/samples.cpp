// SPDX-License-Identifier: Apache-2.0
#include "colophon/samples.h"

#include <QCoreApplication>
#include <QFile>

namespace colophon {

namespace {
struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(DemoSamples)
};

bool write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.flush();
}
} // namespace

widgets::MainWindow::Samples DemoSamples::samples()
{
    widgets::MainWindow::Samples samples;
    if (!m_registry) {
        m_registry.emplace();
        if (!m_registry->start()) {
            samples.error = base::fail(base::ErrorKind::Failed,
                                       Texts::tr("The demo registry did not start: %1").arg(m_registry->errorString()))
                                .error();
            m_registry.reset();
            return samples;
        }
    }
    for (const demo::DemoReference &each : m_registry->references())
        samples.references.append(each.reference);
    if (write(keyFile(), demo::demoPrivateKey()) &&
        write(m_keys.filePath(QStringLiteral("demo.pub")), demo::demoPublicKey()))
        samples.keyFiles.append(keyFile());
    const QString vendorFile = m_keys.filePath(QStringLiteral("vendor.pub"));
    if (write(vendorFile, m_registry->vendorKey()))
        samples.publicKeyFiles.append(vendorFile);
    return samples;
}

} // namespace colophon
