// SPDX-License-Identifier: Apache-2.0
#include "widgets/signing/publickeys.h"

#include <QCoreApplication>
#include <QFileDialog>
#include <QFileInfo>
#include <QSet>

#include <algorithm>

namespace colophon::widgets {

namespace {
struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(PublicKeys)
};

bool isPublicFile(const QString &path) { return path.endsWith(QLatin1String(".pub")); }

QString publicFileBeside(const QString &path)
{
    const QFileInfo file(path);
    return file.path() + QLatin1Char('/') + file.completeBaseName() + QLatin1String(".pub");
}
} // namespace

std::optional<signing::PublicKey> publicKeyOf(const session::Settings &settings, const QString &keyFile)
{
    if (const auto itself = signing::PublicKey::fromFile(keyFile))
        return *itself;
    const auto beside = signing::PublicKey::fromFile(publicFileBeside(keyFile));
    if (beside && beside->fingerprint() == settings.keyFingerprint(keyFile))
        return *beside;
    return {};
}

QList<signing::PublicKey> rememberedPublicKeys(const session::Settings &settings)
{
    QList<signing::PublicKey> keys;
    for (const QString &path : settings.keyFiles())
        if (const auto key = publicKeyOf(settings, path))
            keys = joined(keys, {*key});
    return keys;
}

QList<signing::PublicKey> publicKeysBeside(const QStringList &keyFiles)
{
    QList<signing::PublicKey> keys;
    for (const QString &path : keyFiles) {
        const auto key = signing::PublicKey::fromFile(publicFileBeside(path));
        if (key)
            keys = joined(keys, {*key});
    }
    return keys;
}

QStringList rememberedSigningKeys(const session::Settings &settings)
{
    QStringList paths;
    for (const QString &path : settings.keyFiles()) {
        if (!isPublicFile(path) && QFileInfo::exists(path))
            paths.append(path);
    }
    return paths;
}

QList<signing::PublicKey> joined(const QList<signing::PublicKey> &known, const QList<signing::PublicKey> &more)
{
    QList<signing::PublicKey> all = known;
    for (const signing::PublicKey &key : more) {
        const bool there = std::any_of(all.begin(), all.end(), [&key](const signing::PublicKey &other) {
            return other.fingerprint() == key.fingerprint();
        });
        if (!there)
            all.append(key);
    }
    return all;
}

void choosePublicKey(QWidget *window, const std::function<void(const QString &path)> &chosen)
{
    auto *dialog =
        new QFileDialog(window, Texts::tr("Public key"), {}, Texts::tr("Public keys (*.pub *.pem);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    QObject::connect(dialog, &QFileDialog::fileSelected, window, chosen);
    dialog->open();
}

} // namespace colophon::widgets
