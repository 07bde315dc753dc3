// SPDX-License-Identifier: Apache-2.0
#include "widgets/window/selectionactions.h"

#include "document/titles.h"
#include "items/appearance.h"
#include "items/editwords.h"
#include "widgets/inspector/addressesdialog.h"
#include "widgets/inspector/annotationspane.h"
#include "widgets/inspector/inspector.h"
#include "widgets/tree/baselayersdialog.h"
#include "widgets/tree/imagetreeview.h"
#include "widgets/window/imagecontroller.h"
#include "widgets/window/savestrip.h"
#include "widgets/window/windowactions.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QPushButton>
#include <QStandardPaths>
#include <QTreeView>

namespace colophon::widgets {

using document::NodePath;
using Family = oci::MediaType::Family;

namespace {
void askForFile(QWidget *window, const QString &suggested, const std::function<void(const QString &)> &chosen)
{
    auto *dialog = new QFileDialog(window, SelectionActions::tr("Save the layer"),
                                   QStandardPaths::writableLocation(QStandardPaths::DownloadLocation));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave); // which asks before it replaces a file
    dialog->selectFile(suggested);
    QObject::connect(dialog, &QFileDialog::fileSelected, window, chosen);
    dialog->open();
}

// "app-1.4-layer0.tar.gz"
QString fileNameFor(const oci::Reference &image, const NodePath &path, const oci::Descriptor &layer)
{
    const QString compression = layer.mediaType.compression();
    const QString ending = compression == QLatin1String("gzip")   ? QStringLiteral(".tar.gz")
                           : compression == QLatin1String("zstd") ? QStringLiteral(".tar.zst")
                           : compression == QLatin1String("none") ? QStringLiteral(".tar")
                                                                  : QStringLiteral(".blob");
    QStringList parts{image.repository().section(QLatin1Char('/'), -1)};
    if (!image.tag().isEmpty())
        parts << image.tag();
    parts << QStringLiteral("layer%1").arg(path.layer);
    return parts.join(QLatin1Char('-')) + ending;
}
} // namespace

SelectionActions::SelectionActions(const Parts &parts)
    : QObject(parts.window)
    , m_parts(parts)
    , m_chooser(askForFile)
    , m_save(new SaveStrip(parts.window))
{
    const WindowActions *actions = parts.actions;
    const auto on = [this](QAction *action, auto slot) { connect(action, &QAction::triggered, this, slot); };
    on(actions->unmark, [this] { m_parts.tree->unmark(); });
    on(actions->addresses, [this] { editAddresses(m_parts.tree->selectedLayers()); });
    on(actions->baseLayers, [this] { chooseBaseLayers(); });
    on(actions->annotations, [this] { editAnnotations(); });
    on(actions->toOci, [this] { convert(Family::Oci); });
    on(actions->toDocker, [this] { convert(Family::Docker); });
    on(actions->removeEntry, [this] { removeEntries(); });
    on(actions->saveLayer, [this] { saveLayer(); });
    on(actions->verifyContent, [this] { m_parts.controller->verifyContent(m_parts.tree->selectedLayers()); });
    on(actions->stopProbing, [this] { m_parts.controller->stopProbing(); });
    // Keys that mean something else elsewhere belong to the tree alone.
    for (QAction *action : {actions->unmark, actions->removeEntry}) {
        action->setShortcutContext(Qt::WidgetShortcut);
        parts.window->removeAction(action);
        parts.tree->addAction(action);
    }
    connect(parts.inspector, &Inspector::templateRequested, this, &SelectionActions::editAddresses);
    connect(parts.inspector, &Inspector::verifyRequested, parts.controller, &ImageController::verifyContent);
    connect(parts.inspector, &Inspector::probeStopRequested, parts.controller, &ImageController::stopProbing);
    connect(parts.controller, &ImageController::probingFinished, parts.inspector, &Inspector::stopProbing);
    connect(m_save, &SaveStrip::said, this, &SelectionActions::said);
    connect(m_save, &SaveStrip::savingChanged, this, &SelectionActions::changed);
}

editing::ImageDocument *SelectionActions::document() const { return m_parts.controller->document(); }

std::optional<oci::Descriptor> SelectionActions::currentLayer() const
{
    const NodePath path = m_parts.tree->hasCurrent() ? m_parts.tree->current() : NodePath();
    return document() && path.isLayer() ? document()->tree().descriptor(path) : std::nullopt;
}

void SelectionActions::update(bool open)
{
    const WindowActions *actions = m_parts.actions;
    const ImageTreeView *tree = m_parts.tree;
    const bool canToggle = actions->toggleMarking->isEnabled();
    const bool isProbing = m_parts.controller->isProbing();
    actions->unmark->setEnabled(canToggle);
    actions->addresses->setEnabled(canToggle);
    actions->baseLayers->setEnabled(open);
    actions->annotations->setEnabled(open);
    actions->toOci->setEnabled(open);
    actions->toDocker->setEnabled(open);
    actions->removeEntry->setEnabled(open && !tree->selectedEntries().isEmpty());
    actions->saveLayer->setEnabled(open && currentLayer() && !m_save->isSaving());
    actions->verifyContent->setEnabled(open && !isProbing);
    actions->stopProbing->setEnabled(isProbing);
}

void SelectionActions::editAddresses(const QList<NodePath> &layers)
{
    if (!document() || layers.isEmpty())
        return;
    const document::Selection selection = items::markable(*document(), layers);
    if (selection.layers.isEmpty()) {
        Q_EMIT refused(base::fail(base::ErrorKind::Usage, tr("None of the selected layers can have addresses."),
                                  items::passedByInWords(selection))
                           .error());
        return;
    }
    auto *dialog =
        new AddressesDialog(document(), selection, m_parts.settings->addressTemplates(), m_addressOf, m_parts.window);
    connect(dialog, &AddressesDialog::addressesSet, this, [this](const QStringList &templates, const QString &what) {
        m_parts.settings->setAddressTemplates(templates);
        Q_EMIT said(what);
    });
    dialog->open();
}

void SelectionActions::chooseBaseLayers()
{
    if (!document())
        return;
    auto *dialog =
        new BaseLayersDialog(m_parts.controller->connector(), document(), m_parts.tree->platforms(), m_parts.window);
    dialog->offer(m_parts.settings->recentReferences());
    connect(dialog, &BaseLayersDialog::chosen, this, [this](const document::Selection &selection, bool mark) {
        m_parts.tree->selectLayers(selection.layers);
        if (!mark) {
            Q_EMIT said(selection.layers.size() == 1
                            ? tr("1 layer from the base image is selected")
                            : tr("%1 layers from the base image are selected").arg(selection.layers.size()));
            return;
        }
        const auto done = items::setMarkedTogether(*document(), selection.layers, true, m_addressOf);
        if (!done)
            Q_EMIT refused(done.error());
        else
            Q_EMIT said(items::markedInWords(document()->tree(), *done, true));
    });
    connect(dialog, &BaseLayersDialog::signInWanted, this,
            [this, dialog = QPointer(dialog)](const QString &registry, const base::Error &error) {
                Q_EMIT signInWanted(registry, error, [dialog] {
                    if (dialog)
                        dialog->look();
                });
            });
    dialog->open();
}

void SelectionActions::editAnnotations()
{
    m_parts.inspector->setCurrent(m_parts.tree->current());
    m_parts.inspector->setCurrentTab(Inspector::Tab::Annotations);
    m_parts.inspector->annotations()->view()->setFocus(Qt::ShortcutFocusReason);
}

void SelectionActions::convert(Family family)
{
    if (!document())
        return;
    const QString name = document::nameOf(family);
    if (!items::changesFamily(*document(), family)) {
        Q_EMIT said(tr("The image is in %1 already").arg(name));
        return;
    }
    auto *box = new QMessageBox(QMessageBox::Question, tr("Convert the image"),
                                tr("Convert the whole image to %1?").arg(name), QMessageBox::Cancel, m_parts.window);
    box->setObjectName(QStringLiteral("convert"));
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(items::familyInWords(*document(), family));
    box->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *convert = box->addButton(tr("Con&vert"), QMessageBox::AcceptRole);
    box->setDefaultButton(convert);
    connect(document(), &QObject::destroyed, box, &QDialog::reject);
    connect(convert, &QPushButton::clicked, this, [this, family, name] {
        if (const auto done = document()->setFamily(family); !done)
            Q_EMIT refused(done.error());
        else
            Q_EMIT said(tr("Converted to %1; Undo takes it back").arg(name));
    });
    box->open();
}

void SelectionActions::removeEntries()
{
    const QList<NodePath> entries = m_parts.tree->selectedEntries();
    if (!document() || entries.isEmpty())
        return;
    const QString names = document::Titles(document()->tree()).names(entries, 3);
    const auto before = document()->derived().removed.size();
    if (const auto done = document()->removePlatforms(entries); !done) {
        Q_EMIT refused(done.error());
        return;
    }
    // Attestations go with what they describe.
    const auto along = document()->derived().removed.size() - before - entries.size();
    Q_EMIT said(along > 0 ? tr("Removed %1 and what describes it; Undo puts it back").arg(names)
                          : tr("Removed %1; Undo puts it back").arg(names));
}

void SelectionActions::saveLayer()
{
    const auto layer = currentLayer();
    if (!layer || m_save->isSaving())
        return;
    transfer::SaveBlob::Request request;
    request.source = m_parts.controller->target();
    request.urls = m_parts.controller->connector().urlFetcher(document()->reference());
    request.layer = *layer;
    const NodePath path = m_parts.tree->current();
    const QString name = document::Titles(document()->tree()).name(path);
    m_chooser(m_parts.window, fileNameFor(document()->reference(), path, *layer),
              [this, request, name](const QString &file) {
                  transfer::SaveBlob::Request saved = request;
                  saved.file = file;
                  saved.replace = QFileInfo::exists(file); // agreed to when it was chosen
                  m_save->save(saved, name);
              });
}

} // namespace colophon::widgets
