// SPDX-License-Identifier: Apache-2.0
#pragma once

// A push as rows: first the plan, then the same rows filled with progress, and at the end they are the report.

#include "items/appearance.h"
#include "transfer/pushplan.h"

#include <QAbstractTableModel>

namespace colophon::items {

class PushPlanModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column {
        NodeColumn,
        OutcomeColumn,
        BytesColumn,
        ReasonColumn,
        ColumnCount
    }; // the kind is NodeColumn's symbol
    enum OwnRole {
        KindRole = FirstOwnRole, // int(transfer::StepKind)
        OutcomeRole,             // int(transfer::Outcome)
        BytesRole,               // qint64
    };

    explicit PushPlanModel(QObject *parent = nullptr);

    void setPlan(const transfer::PushPlan &plan); // resets
    // The push has ended: what is not done by now will not be. Updates in place where the steps are the same ones.
    void setReport(const transfer::PushReport &report, bool isCancelled = false);
    void update(int step, const transfer::PlanStep &now);
    const transfer::PushPlan &plan() const { return m_plan; }
    qint64 bytesDone() const;
    qint64 bytesTotal() const;
    // What moves and from where, and what does not, in a sentence; empty without a plan.
    QString summary() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QString nodeText(const transfer::PlanStep &step) const;
    QString outcomeText(const transfer::PlanStep &step) const;
    QString reasonText(const transfer::PlanStep &step) const;
    // Where its bytes come from, "registry.example/vendor/app"; empty where none move.
    QString sourceText(const transfer::PlanStep &step) const;
    Appearance lookOf(const transfer::PlanStep &step) const;
    transfer::PushPlan m_plan;
    QHash<oci::Digest, QString> m_hosts; // of the addresses a blob is fetched from
    bool m_ended = false;
    bool m_cancelled = false;
};

} // namespace colophon::items
