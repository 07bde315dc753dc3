// SPDX-License-Identifier: Apache-2.0
// Writes drafts of ever new edits until it is ended, and says on its output which one is on the disk:
//     draftwriter FOLDER FIRST          one after the other
//     draftwriter FOLDER FIRST LARGEST  no file may grow beyond LARGEST bytes; small, then large, says how that went
//     draftwriter FOLDER FIRST hold     one, then holds its place

#include "session/draftstore.h"

#include "draftsample.h"

#include <QCoreApplication>

#include <csignal>
#include <cstdio>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

using namespace colophon;

namespace {
void say(const QString &text)
{
    const QByteArray line = text.toUtf8() + '\n';
    static_cast<void>(::write(STDOUT_FILENO, line.constData(), static_cast<std::size_t>(line.size())));
}

// The place of the draft that is there, else a new one.
base::Result<session::DraftSlot> placeIn(const session::DraftStore &store)
{
    const session::StoredDrafts found = store.list();
    if (!found.drafts.isEmpty() && !found.drafts.first().isOpen)
        return store.claim(found.drafts.first().id);
    return store.claim(test::draftReference(), test::draftImage().root().descriptor.digest);
}

int withoutRoom(session::DraftSlot &slot, int number, rlim_t largest)
{
    const rlimit limit{largest, largest};
    std::signal(SIGXFSZ, SIG_IGN);
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0)
        return 2;
    const base::Result<void> small = slot.save(test::draftOf(number));
    const base::Result<void> large = slot.save(test::draftOf(number + 1, static_cast<int>(largest)));
    say(small ? QStringLiteral("small: written") : small.error().text());
    say(large ? QStringLiteral("large: written") : large.error().text());
    return 0;
}
} // namespace

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() < 3)
        return 2;
    const session::DraftStore store(arguments[1]);
    base::Result<session::DraftSlot> slot = placeIn(store);
    if (!slot) {
        say(slot.error().text());
        return 1;
    }
    int number = arguments[2].toInt();
    if (arguments.value(3) == QStringLiteral("hold")) {
        if (!slot->save(test::draftOf(number)))
            return 1;
        say(QString::number(number));
        ::pause();
        return 0;
    }
    if (arguments.size() > 3)
        return withoutRoom(*slot, number, arguments[3].toUInt());
    for (;; ++number) {
        // Of changing length, so that a torn file would not fit by chance.
        if (const base::Result<void> saved = slot->save(test::draftOf(number, number % 7 * 997)); !saved) {
            say(saved.error().text());
            return 1;
        }
        say(QString::number(number));
    }
}
