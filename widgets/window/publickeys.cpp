// SPDX-License-Identifier: Apache-2.0
#include "widgets/window/publickeys.h"

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

QString publicFileOf(const QString &path)
{
    const QFileInfo file(path);
    if (file.suffix() == QLatin1String("pub"))
        return path;
    return file.path() + QLatin1Char('/') + file.completeBaseName() + QLatin1String(".pub");
}
} // namespace

QList<signing::PublicKey> publicKeysBeside(const QStringList &keyFiles)
{
    QList<signing::PublicKey> keys;
    for (const QString &path : keyFiles) {
        const auto key = signing::PublicKey::fromFile(publicFileOf(path));
        if (key)
            keys = joined(keys, {*key});
    }
    return keys;
}

QStringList rememberedSigningKeys(const session::Settings &settings)
{
    QStringList paths;
    for (const QString &path : settings.keyFiles()) {
        if (!path.endsWith(QLatin1String(".pub")) && QFileInfo::exists(path))
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

items::Appearance signatureAppearance(const content::VerifyReport &report)
{
    using Verdict = content::VerifyReport::Verdict;
    using Check = content::SignatureCheck::Verdict;
    const auto of = [&report](Check verdict) {
        return std::count_if(report.signatures.begin(), report.signatures.end(),
                             [verdict](const content::SignatureCheck &check) { return check.verdict == verdict; });
    };
    if (report.verdict == Verdict::Verified) {
        const auto good = std::find_if(report.signatures.begin(), report.signatures.end(),
                                       [](const auto &check) { return check.verdict == Check::Verified; });
        const QString key = good == report.signatures.end() ? QString() : good->key;
        return {Texts::tr("Verified"), key.isEmpty() ? report.reason : Texts::tr("Verified with %1").arg(key),
                items::Tone::Good, items::Symbol::Ok};
    }
    if (report.signatures.isEmpty())
        return {Texts::tr("Not signed"), report.reason, items::Tone::Muted, items::Symbol::Sign};
    if (of(Check::Failed) == 0)
        return {Texts::tr("Signed, not checked"), Texts::tr("Choose a public key to check the signatures with."),
                items::Tone::Warning, items::Symbol::Sign};
    return {Texts::tr("Not verified"), report.reason, items::Tone::Error, items::Symbol::Failed};
}

} // namespace colophon::widgets
