// SPDX-License-Identifier: Apache-2.0
#include "widgets/tree/baselayersdialog.h"

#include "document/baselayers.h"
#include "items/layersmodel.h"
#include "transfer/openimage.h"
#include "widgets/common/delegates.h"
#include "widgets/common/errorstrip.h"
#include "widgets/common/plain.h"
#include "widgets/common/statepane.h"

#include <QCompleter>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace colophon::widgets {

namespace {
class RowDelegate final : public SymbolDelegate
{
public:
    using SymbolDelegate::SymbolDelegate;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const QSize size = SymbolDelegate::sizeHint(option, index);
        return {size.width(), std::max(size.height(), 24)};
    }
};
} // namespace

BaseLayersDialog::BaseLayersDialog(content::Connector &connector, editing::ImageDocument *document,
                                   const QList<oci::Platform> &platforms, QWidget *parent)
    : QDialog(parent)
    , m_connector(connector)
    , m_document(document)
    , m_platforms(platforms)
    , m_layers(new items::LayersModel(this))
    , m_field(new QLineEdit(this))
    , m_look(new QPushButton(tr("&Look"), this))
    , m_errors(new ErrorStrip(this))
    , m_pane(new StatePane(this))
    , m_found(plainLabel())
    , m_view(new QTreeView)
    , m_notes(new QPlainTextEdit)
    , m_select(nullptr)
    , m_mark(nullptr)
{
    setObjectName(QStringLiteral("baseLayers"));
    setWindowTitle(tr("Layers from a base image"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_field->setObjectName(QStringLiteral("baseReference"));
    m_field->setFont(fixedFont());
    m_field->setPlaceholderText(QStringLiteral("registry.example/base/image:tag"));
    auto *title = plainLabel(tr("The &base image that this one was built upon"), this);
    title->setBuddy(m_field);
    m_field->setAccessibleName(tr("Base image"));
    auto *typing = new QHBoxLayout;
    typing->setSpacing(8);
    typing->addWidget(m_field, 1);
    typing->addWidget(m_look);

    m_view->setModel(m_layers);
    m_view->setRootIsDecorated(false);
    m_view->setUniformRowHeights(true);
    m_view->setAllColumnsShowFocus(true);
    m_view->setItemDelegate(new RowDelegate(m_view));
    m_view->setAccessibleName(tr("Layers from the base image"));
    m_view->header()->setStretchLastSection(false);
    m_view->header()->setSectionResizeMode(items::LayersModel::InstructionColumn, QHeaderView::Stretch);
    m_view->header()->resizeSection(items::LayersModel::LayerColumn, 280);
    m_view->header()->resizeSection(items::LayersModel::SizeColumn, 88);
    m_notes->setReadOnly(true);
    m_notes->setTabChangesFocus(true);
    m_notes->setAccessibleName(tr("How they were recognised"));
    m_notes->setMaximumHeight(6 * fontMetrics().lineSpacing());
    auto *content = new QWidget;
    auto *list = new QVBoxLayout(content);
    list->setContentsMargins(0, 0, 0, 0);
    list->setSpacing(8);
    list->addWidget(m_found);
    list->addWidget(m_view, 1);
    list->addWidget(m_notes);
    m_pane->setContent(content);

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_select = buttons->addButton(tr("&Select them"), QDialogButtonBox::AcceptRole);
    m_mark = buttons->addButton(tr("&Mark them as non-distributable"), QDialogButtonBox::AcceptRole);
    for (QPushButton *button : {m_select, m_mark, m_look})
        button->setAutoDefault(false);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addWidget(title);
    column->addLayout(typing);
    column->addWidget(m_errors);
    column->addWidget(m_pane, 1);
    column->addWidget(buttons);

    connect(m_look, &QPushButton::clicked, this, &BaseLayersDialog::look);
    connect(m_field, &QLineEdit::returnPressed, this, &BaseLayersDialog::look);
    connect(m_field, &QLineEdit::textChanged, this,
            [this](const QString &text) { m_look->setEnabled(!text.trimmed().isEmpty()); });
    connect(m_errors, &ErrorStrip::retryRequested, this, &BaseLayersDialog::look);
    connect(m_pane, &StatePane::cancelRequested, this, &BaseLayersDialog::stop);
    connect(m_select, &QPushButton::clicked, this, [this] {
        Q_EMIT chosen(m_selection, false);
        accept();
    });
    connect(m_mark, &QPushButton::clicked, this, [this] {
        Q_EMIT chosen(m_selection, true);
        accept();
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &BaseLayersDialog::reject);
    connect(document, &QObject::destroyed, this, &BaseLayersDialog::reject);
    m_look->setEnabled(false);
    stop();
    resize(840, 520);
    m_field->setFocus();
}

BaseLayersDialog::~BaseLayersDialog() = default;

void BaseLayersDialog::offer(const QStringList &references)
{
    auto *completer = new QCompleter(references, m_field);
    completer->setFilterMode(Qt::MatchContains);
    m_field->setCompleter(completer);
}

QString BaseLayersDialog::notes() const { return m_notes->toPlainText(); }

void BaseLayersDialog::stop()
{
    if (m_opening) {
        m_opening->disconnect(this);
        m_opening->cancel();
        m_opening.release()->deleteLater();
    }
    m_selection = {};
    m_select->setEnabled(false);
    m_mark->setEnabled(false);
    m_pane->showEmpty(items::Symbol::Search,
                      tr("Its layers are recognised by their digests, or by what is in them (diff_id) where they were "
                         "compressed anew."));
}

void BaseLayersDialog::look()
{
    stop();
    m_errors->clear();
    const auto reference = oci::Reference::parse(m_field->text().trimmed());
    if (!reference) {
        m_errors->setRetryable(false);
        m_errors->showError(reference.error());
        m_field->setFocus();
        return;
    }
    m_errors->setRetryable(true);
    m_pane->showLoading(tr("Reading %1").arg(reference->toString()));
    m_opening = std::make_unique<transfer::OpenImage>(m_connector.target(*reference), *reference);
    connect(m_opening.get(), &transfer::OpenImage::activityChanged, m_pane, &StatePane::setAwaited);
    connect(m_opening.get(), &transfer::OpenImage::finished, this, &BaseLayersDialog::finish);
    m_opening->start();
}

void BaseLayersDialog::finish()
{
    const auto error = m_opening->error();
    const document::ImageTree base = m_opening->tree();
    const QString registry = m_opening->reference().registry();
    stop(); // lets go of it
    if (error) {
        m_errors->showError(*error);
        if (error->kind == base::ErrorKind::Unauthorized)
            Q_EMIT signInWanted(registry, *error);
        return;
    }
    if (!m_document)
        return;
    const auto found = document::layersFromBase(m_document->tree(), base, m_platforms);
    if (!found) {
        m_errors->setRetryable(false);
        m_errors->showError(found.error());
        return;
    }
    show(*found);
}

void BaseLayersDialog::show(const document::Selection &selection)
{
    m_selection = selection;
    m_layers->setLayers(m_document->tree(), selection.layers);
    const int count = m_layers->rowCount();
    setPlainText(m_found, count == 1 ? tr("1 layer comes from it:") : tr("%1 layers come from it:").arg(count));
    QStringList notes = selection.notes + selection.passedBy;
    notes << (notes.isEmpty() ? tr("All of them were recognised by their digests.")
                              : tr("What is not named here was recognised by its digest."));
    m_notes->setPlainText(items::readable(notes.join(QLatin1Char('\n'))));
    m_pane->showContent();
    m_select->setEnabled(true);
    m_mark->setEnabled(true);
    m_mark->setDefault(true);
    m_mark->setFocus();
}

void BaseLayersDialog::reject()
{
    stop();
    QDialog::reject();
}

} // namespace colophon::widgets
