// SPDX-License-Identifier: Apache-2.0
#pragma once

// The secret of the tests: every password, token and passphrase that a test makes up holds it, so that whatever leaks
// one can be found by looking for it, also as Base64, percent-encoded or in hexadecimal. tests/run looks through all
// that the suite printed; canarysearch does the same with any file.

#include <QByteArray>
#include <QList>
#include <QString>

// For literals: "me:" COLOPHON_CANARY.
#define COLOPHON_CANARY "S3CR3T-canary"
// That of the keys in tests/data/signing, which others wrote. It is looked for, too.
#define COLOPHON_FIXTURE_PASSPHRASE "testpass"

namespace colophon::test {

// What the search looks for, each with the name of its form. Not the whole: a part of a secret is one too.
struct CanaryForm
{
    const char *name;
    QByteArray text; // in lower case where `anyCase`
    bool anyCase = false;
};
QList<CanaryForm> canaryForms();

// Where it stands in the text first, in words without the secret itself: "at byte 12, as Base64". Empty: nowhere.
QString canaryIn(const QByteArray &text);

// The same for every file below a folder, hidden ones too, or for one file; each begins with its path. A file that
// cannot be read is a find: nobody knows what is in it.
QStringList canariesBelow(const QString &path);

} // namespace colophon::test
