// SPDX-License-Identifier: Apache-2.0
#pragma once

// A temporary folder for settings and drafts of the program: before it goes it is searched for the secret of the tests,
// and the test fails where one was left in it.

#include "support/canary/canary.h"

#include <QTemporaryDir>
#include <QTest>

namespace colophon::test {

class SearchedFolder : public QTemporaryDir
{
public:
    SearchedFolder() = default;
    ~SearchedFolder()
    {
        const QStringList found = secrets();
        if (!found.isEmpty())
            QTest::qFail(qPrintable(found.join(u'\n')), __FILE__, __LINE__);
    }
    Q_DISABLE_COPY_MOVE(SearchedFolder)

    QStringList secrets() const { return canariesBelow(path()); } // where they stand
};

} // namespace colophon::test
