// SPDX-License-Identifier: Apache-2.0
#include "widgets/inspector/clientsdialog.h"

#include "widgets/common/plain.h"

#include <QDialogButtonBox>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace colophon::widgets {

using behaviour::Knowledge;
using behaviour::Line;
using behaviour::Party;

QList<Line> usualLines(const Knowledge &knowledge) { return behaviour::commonLines(knowledge, Party::Kind::Client); }

QList<Line> chosenLines(const Knowledge &knowledge, const QStringList &ids)
{
    const QList<Line> lines = behaviour::linesWithIds(knowledge, Party::Kind::Client, ids) +
                              behaviour::linesWithIds(knowledge, Party::Kind::Registry, ids);
    return lines.isEmpty() ? usualLines(knowledge) : lines;
}

ClientsDialog::ClientsDialog(const Knowledge &knowledge, const QList<Line> &chosen, QWidget *parent)
    : QDialog(parent)
    , m_list(new QListWidget(this))
{
    setObjectName(QStringLiteral("clientsDialog"));
    setWindowTitle(tr("The clients my customers use"));
    setAttribute(Qt::WA_DeleteOnClose);
    for (const Line &line : usualLines(knowledge))
        m_usual.append(line.id());
    m_list->setAccessibleName(tr("Clients and registries"));
    m_list->setUniformItemSizes(true);
    for (const Party::Kind kind : {Party::Kind::Client, Party::Kind::Registry}) {
        for (const Line &line : behaviour::linesOf(knowledge, kind)) {
            const Party *party = knowledge.party(line.party);
            auto *item = new QListWidgetItem(
                kind == Party::Kind::Client ? line.name : tr("%1 (registry)").arg(line.name), m_list);
            item->setData(Qt::UserRole, line.id());
            item->setToolTip(items::toolTip(party ? party->about : QString()));
            item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
            item->setCheckState(chosen.contains(line) ? Qt::Checked : Qt::Unchecked);
        }
    }
    QLabel *words =
        plainLabel(tr("What they do with the layers is shown, and what a push is warned of is about them."), this);
    words->setWordWrap(true);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    m_ok = buttons->button(QDialogButtonBox::Ok);
    auto *usual = buttons->addButton(tr("The &usual ones"), QDialogButtonBox::ResetRole);
    usual->setAutoDefault(false);
    connect(usual, &QPushButton::clicked, this, [this] { choose(m_usual); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        const QStringList ids = checkedIds();
        Q_EMIT this->chosen(ids == m_usual ? QStringList() : ids);
        accept();
    });
    connect(m_list, &QListWidget::itemChanged, this, &ClientsDialog::update);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 16);
    column->setSpacing(16);
    column->addWidget(words);
    column->addWidget(m_list, 1);
    column->addWidget(buttons);
    resize(440, 520);
    m_list->setCurrentRow(0);
    update();
}

void ClientsDialog::choose(const QStringList &ids)
{
    for (int row = 0; row < m_list->count(); ++row) {
        QListWidgetItem *item = m_list->item(row);
        item->setCheckState(ids.contains(item->data(Qt::UserRole).toString()) ? Qt::Checked : Qt::Unchecked);
    }
}

QStringList ClientsDialog::checkedIds() const
{
    QStringList ids;
    for (int row = 0; row < m_list->count(); ++row)
        if (m_list->item(row)->checkState() == Qt::Checked)
            ids.append(m_list->item(row)->data(Qt::UserRole).toString());
    return ids;
}

void ClientsDialog::update() { m_ok->setEnabled(!checkedIds().isEmpty()); }

} // namespace colophon::widgets
