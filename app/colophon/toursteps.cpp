// SPDX-License-Identifier: Apache-2.0
// What the tour does, step by step.
#include "colophon/look.h"
#include "colophon/tour.h"
#include "items/pushplanmodel.h"
#include "widgets/common/errorstrip.h"
#include "widgets/inspector/inspector.h"
#include "widgets/inspector/jsonview.h"
#include "widgets/inspector/signaturespane.h"
#include "widgets/push/reviewsheet.h"
#include "widgets/signing/signingchoice.h"
#include "widgets/tree/imagetreeview.h"
#include "widgets/window/changebar.h"
#include "widgets/window/statusline.h"
#include "widgets/window/windowactions.h"

#include <QApplication>
#include <QComboBox>
#include <QTreeView>

namespace colophon {

using widgets::ImageController;
using widgets::Inspector;
using Push = widgets::PushController::State;

void Tour::addOpening()
{
    const QString app = m_host + QStringLiteral("/demo/app:1.0");
    step(
        QStringLiteral("empty"), [] {}, [this] { return m_window.isVisible(); },
        [] { return tr("The window, with nothing open."); });
    step(
        QStringLiteral("opened"), [this, app] { type(app); }, [this, app] { return isOpen(app); },
        [this, app] {
            m_originalDigest = digestNow();
            const auto &tree = m_window.controller()->document()->tree();
            return tr("Opened %1: %2 platforms, %3 layers, %4.")
                .arg(app)
                .arg(tree.images().size())
                .arg(tree.layers().size())
                .arg(m_originalDigest);
        });
    step(
        QStringLiteral("layer"),
        [this] {
            m_window.tree()->setFocus();
            m_window.tree()->setCurrent(vendorLayer());
        },
        [this] { return m_window.inspector()->current() == vendorLayer(); },
        [this] {
            const auto layer = m_window.controller()->document()->tree().descriptor(vendorLayer());
            return tr("Selected layer 2 of linux/amd64, the vendor's driver: %1.").arg(layer->mediaType.toString());
        });
}

void Tour::addEditing()
{
    const auto edited = [this] { return m_window.controller()->document()->isEdited(); };
    const auto space = [this] { press(m_window.tree(), Qt::Key_Space, QStringLiteral(" ")); };
    step(QStringLiteral("marked"), space, edited, [this] {
        m_markedDigest = digestNow();
        const auto layer = m_window.controller()->document()->tree().descriptor(vendorLayer());
        return tr("Space marks it as non-distributable, to be fetched from %1. The image becomes %2.")
            .arg(layer->urls.value(0), m_markedDigest);
    });
    step(
        QStringLiteral("json"), [this] { m_window.actions()->showJson->trigger(); },
        [this] { return m_window.inspector()->json()->highlightedText().contains(QLatin1String("nondistributable")); },
        [] { return tr("Its place in the manifest's JSON, with the new type and address."); });
    step(
        QStringLiteral("undone"),
        [this] {
            m_window.inspector()->setCurrentTab(Inspector::Tab::Overview);
            m_window.actions()->undo->trigger();
        },
        [edited] { return !edited(); },
        [this] {
            return digestNow() == m_originalDigest ? tr("Undo: the original digest again, byte for byte.")
                                                   : tr("Undo gave %1, which is wrong.").arg(digestNow());
        });
    step(
        QStringLiteral("redone"), [this] { m_window.actions()->redo->trigger(); },
        [this] { return digestNow() == m_markedDigest; }, [this] { return tr("Redo: %1 again.").arg(m_markedDigest); });
    step(
        QStringLiteral("unmarked"), space, [this] { return digestNow() == m_originalDigest; },
        [] { return tr("Space again unmarks it: the original digest, without undo."); });
    step(
        QStringLiteral("probed"),
        [this, space] {
            space();
            m_window.actions()->probe->trigger();
        },
        [this] {
            return !m_window.controller()->isProbing() && m_window.controller()->reachable() == 1 &&
                   digestNow() == m_markedDigest;
        },
        [this] { return tr("Marked again and its address probed: %1").arg(m_window.status()->said()); });
}

void Tour::addPushing()
{
    const QString app = m_host + QStringLiteral("/demo/app:1.0");
    auto *review = m_window.review();
    step(
        QStringLiteral("review"), [this] { m_window.actions()->review->trigger(); },
        [review] { return review->controller()->canPush(); },
        [review] {
            return tr("Review: %1 steps, and the bytes that change.").arg(review->controller()->plan().steps.size());
        });
    step(
        QStringLiteral("key"), [this, review] { review->signing()->chooseKeyFile(m_samples.keyFile()); },
        [review] {
            return review->signing()->key() && review->controller()->canPush() &&
                   !review->controller()->plan().request.signingKeys.isEmpty();
        },
        [review] {
            return items::readable(tr("Signing with %1.").arg(review->signing()->key()->publicKey().description()));
        });
    step(
        QStringLiteral("pushed"), [this] { m_window.actions()->review->trigger(); },
        [review] { return review->controller()->state() == Push::Done; },
        [this, review] {
            return tr("Pushed and signed: the tag names %1. %2")
                .arg(m_samples.registry().digestOfTag(QStringLiteral("demo/app"), QStringLiteral("1.0")),
                     review->controller()->report().notes.join(QLatin1Char(' ')));
        });
    step(
        QStringLiteral("verified"), [this] { m_window.actions()->review->trigger(); },
        [this, app] {
            const auto &reports = m_window.controller()->signatureReports();
            return isOpen(app) && digestNow() == m_markedDigest && !reports.isEmpty() &&
                   reports.constFirst().verdict == content::VerifyReport::Verdict::Verified;
        },
        [this] {
            return tr("Read again from the registry: %1")
                .arg(Inspector::inWords(m_window.controller()->signatureReports().constFirst()));
        });
    step(
        QStringLiteral("signatures"),
        [this] {
            m_window.tree()->setCurrent(document::NodePath::root());
            m_window.actions()->signatures->trigger();
        },
        [this] {
            const auto *controller = m_window.controller();
            if (!controller->attachments() || controller->isListingAttachments())
                return false;
            auto *pane = m_window.inspector()->signatures();
            const QModelIndex index = pane->model()->rowOf(document::NodePath::root());
            pane->view()->setCurrentIndex(pane->model()->index(0, 0, index));
            return index.isValid();
        },
        [this] {
            return tr("What is attached to it: %1 signatures and lists of packages, each with how far it was checked.")
                .arg(m_window.controller()->attachments()->all.size());
        });
}

void Tour::addLooking()
{
    const QString windows = m_host + QStringLiteral("/demo/windows:ltsc");
    const QString half = m_host + QStringLiteral("/demo/half-marked:1");
    const QString missing = m_host + QStringLiteral("/demo/app:9.9");
    const QString vendors = m_host + QStringLiteral("/demo/signed:1.0");
    step(
        QStringLiteral("arrives-signed"), [this, vendors] { type(vendors); },
        [this, vendors] {
            const auto *controller = m_window.controller();
            if (!isOpen(vendors) || controller->isCheckingSignatures() || controller->signatureReports().isEmpty())
                return false;
            m_window.actions()->signatures->trigger();
            return controller->attachments().has_value() && !controller->isListingAttachments();
        },
        [this] {
            return tr("An image that arrives signed by its vendor, with provenance and a list of packages: %1")
                .arg(Inspector::inWords(m_window.controller()->signatureReports().constFirst()));
        });
    step(
        QStringLiteral("windows"),
        [this, windows] {
            m_window.resize(1024, 700);
            type(windows);
        },
        [this, windows] { return isOpen(windows); },
        [] { return tr("A Windows-like image whose base layers stay with their vendor, at 1024×700."); });
    step(
        QStringLiteral("half-marked-dark"),
        [this, half] {
            m_window.resize(1280, 800);
            QApplication::setPalette(darkPalette());
            type(half);
        },
        [this, half] {
            if (!isOpen(half))
                return false;
            m_window.tree()->setCurrent(document::NodePath::root().layerAt(2));
            m_window.inspector()->setCurrentTab(Inspector::Tab::Findings);
            return true;
        },
        [this] {
            return tr("A half-marked image, in the dark: %1 finding, and one step mends it.")
                .arg(m_window.controller()->document()->findings().size());
        });
    step(
        QStringLiteral("unknown-tag"),
        [this, missing] {
            QApplication::setPalette(lightPalette());
            type(missing);
        },
        [this] { return m_window.controller()->state() == ImageController::State::Failed; },
        [this] { return tr("A tag that is not there: %1").arg(m_window.controller()->error()->text()); });
}

} // namespace colophon
