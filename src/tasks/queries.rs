//! All SQL of tasks.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    due::Repeats,
    form::Kept,
    task::{Kind, Priority, Task, TaskId},
};
use crate::{
    contacts::{ContactId, merging::Way},
    db::Db,
    tenancy::OrgTx,
};

/// Which tasks are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Which {
    pub is_done: bool,
    /// A person's alone.
    pub of: Option<Uuid>,
    pub contact: Option<Uuid>,
    pub deal: Option<Uuid>,
    /// One task, deleted or not.
    pub only: Option<TaskId>,
    /// Due on this day or before.
    pub until: Option<NaiveDate>,
    /// The last task of the page before.
    pub after: Option<TaskId>,
    pub at_most: i64,
}

/// Tasks with the names around them: open ones by when they are due, done ones the last one first.
pub(super) async fn find(tx: &mut OrgTx, which: Which) -> sqlx::Result<Vec<Task>> {
    let org = tx.org();
    sqlx::query_as!(
        Task,
        r#"select t.id as "id: TaskId", t.title, t.notes, t.kind as "kind: Kind", t.priority as "priority: Priority",
                  t.due_on, t.due_time, t.repeats as "repeats: Repeats", t.repeat_day, t.assignee_id,
                  p.name as "assignee?", t.contact_id,
                  coalesce(nullif(trim(c.first_name || ' ' || c.last_name), ''), nullif(c.company, ''),
                           nullif(c.email, ''), c.phone) as contact,
                  t.deal_id, d.name as "deal?", t.done_at, b.name as "done_by?", t.created_at, t.deleted_at
             from tasks t
             left join user_profiles p on p.user_id = t.assignee_id
             left join user_profiles b on b.user_id = t.done_by
             left join contacts c on c.organization_id = $1 and c.id = t.contact_id
             left join deals d on d.organization_id = $1 and d.id = t.deal_id
            where t.organization_id = $1
              and ($6::uuid is null and t.deleted_at is null and (t.done_at is not null) = $2 or t.id = $6)
              and ($3::uuid is null or t.assignee_id = $3)
              and ($4::uuid is null or t.contact_id = $4)
              and ($5::uuid is null or t.deal_id = $5)
              and ($7::date is null or t.due_on <= $7)
              and ($8::uuid is null or exists (
                      select 1 from tasks a
                       where a.organization_id = $1 and a.id = $8
                         and case when $2 then (t.done_at, t.id) < (a.done_at, a.id)
                                  else (coalesce(t.due_on, 'infinity'), coalesce(t.due_time, '24:00'), t.id)
                                     > (coalesce(a.due_on, 'infinity'), coalesce(a.due_time, '24:00'), a.id) end))
            order by case when $2 then t.done_at end desc, case when $2 then t.id end desc,
                     coalesce(t.due_on, 'infinity'), coalesce(t.due_time, '24:00'), t.id
            limit $9"#,
        org,
        which.is_done,
        which.of,
        which.contact,
        which.deal,
        which.only as Option<TaskId>,
        which.until,
        which.after as Option<TaskId>,
        which.at_most,
    )
    .fetch_all(tx.conn())
    .await
}

/// Nobody else changes the task until the transaction ends. `false` where there is none.
pub(super) async fn lock(tx: &mut OrgTx, id: TaskId) -> sqlx::Result<bool> {
    let org = tx.org();
    let found = sqlx::query!(
        "select 1 as one from tasks where organization_id = $1 and id = $2 for update",
        org,
        id as TaskId,
    );
    Ok(found.fetch_optional(tx.conn()).await?.is_some())
}

/// A new task; nothing where `follows` is followed by one already.
pub(super) async fn insert(
    tx: &mut OrgTx,
    (id, follows): (TaskId, Option<TaskId>),
    kept: &Kept,
    (by, now): (Option<Uuid>, DateTime<Utc>),
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into tasks (organization_id, id, title, notes, kind, priority, due_on, due_time, remind_at, assignee_id,
                            contact_id, deal_id, repeats, repeat_day, follows, created_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17)
             on conflict (organization_id, follows) do nothing",
        org,
        id as TaskId,
        kept.title,
        kept.notes,
        kept.kind as Kind,
        kept.priority as Priority,
        kept.due.map(|due| due.on),
        kept.due.and_then(|due| due.at) as Option<NaiveTime>,
        kept.remind_at,
        kept.assignee,
        kept.contact,
        kept.deal,
        kept.repeats as Repeats,
        kept.repeat_day,
        follows as Option<TaskId>,
        by,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Keeps what was changed; another day or another person is reminded anew.
pub(super) async fn keep(tx: &mut OrgTx, id: TaskId, kept: &Kept, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update tasks
            set title = $3, notes = $4, kind = $5, priority = $6, due_on = $7, due_time = $8, remind_at = $9,
                reminded_at = case when remind_at is not distinct from $9 and assignee_id is not distinct from $10
                                   then reminded_at end,
                assignee_id = $10, contact_id = $11, deal_id = $12, repeats = $13, repeat_day = $14, updated_at = $15
          where organization_id = $1 and id = $2",
        org,
        id as TaskId,
        kept.title,
        kept.notes,
        kept.kind as Kind,
        kept.priority as Priority,
        kept.due.map(|due| due.on),
        kept.due.and_then(|due| due.at) as Option<NaiveTime>,
        kept.remind_at,
        kept.assignee,
        kept.contact,
        kept.deal,
        kept.repeats as Repeats,
        kept.repeat_day,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Marks a task as done, or as open again. `false` where it was so already.
pub(super) async fn set_done(
    tx: &mut OrgTx,
    id: TaskId,
    done: Option<(DateTime<Utc>, Option<Uuid>)>,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let changed = sqlx::query!(
        "update tasks set done_at = $3, done_by = $4, updated_at = $5
          where organization_id = $1 and id = $2 and deleted_at is null
            and (done_at is null) = ($3::timestamptz is not null)",
        org,
        id as TaskId,
        done.map(|(at, _)| at),
        done.and_then(|(_, by)| by),
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// Takes back the task that followed this one, where nobody has touched it.
pub(super) async fn take_back_next(tx: &mut OrgTx, id: TaskId) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "delete from tasks
          where organization_id = $1 and follows = $2 and done_at is null and updated_at = created_at",
        org,
        id as TaskId,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Deletes a task, or brings it back. `false` where it was so already.
pub(super) async fn set_deleted(
    tx: &mut OrgTx,
    id: TaskId,
    deleted_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let changed = sqlx::query!(
        "update tasks set deleted_at = $3, updated_at = $4
          where organization_id = $1 and id = $2 and (deleted_at is null) = ($3::timestamptz is not null)",
        org,
        id as TaskId,
        deleted_at,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// What these tasks are called.
pub(super) async fn named(tx: &mut OrgTx, all: &[Uuid]) -> sqlx::Result<HashMap<Uuid, String>> {
    let org = tx.org();
    let rows =
        sqlx::query!("select id, title from tasks where organization_id = $1 and id = any($2)", org, all,);
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.id, row.title)).collect())
}

/// Where somebody is to be reminded of a task by now.
pub(super) async fn organizations_to_remind(db: &Db, now: DateTime<Utc>) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(r#"select app.organizations_to_remind($1) as "id!""#, now)
        .fetch_all(&mut *db.connection().await?)
        .await
}

/// A task whose time has come, and who has it.
pub(super) struct Due {
    pub id: TaskId,
    pub title: String,
    pub assignee: Uuid,
}

/// Tasks that somebody is to be reminded of by now, which are theirs to be reminded of from here on.
pub(super) async fn take_due(tx: &mut OrgTx, now: DateTime<Utc>, at_most: i64) -> sqlx::Result<Vec<Due>> {
    let org = tx.org();
    sqlx::query_as!(
        Due,
        r#"update tasks set reminded_at = $2
            where organization_id = $1
              and id in (select t.id from tasks t
                          where t.organization_id = $1 and t.remind_at <= $2 and t.reminded_at is null
                            and t.done_at is null and t.deleted_at is null and t.assignee_id is not null
                          order by t.remind_at, t.id
                          limit $3
                            for update)
        returning id as "id: TaskId", title, assignee_id as "assignee!""#,
        org,
        now,
        at_most,
    )
    .fetch_all(tx.conn())
    .await
}

/// How many tasks are about a contact.
pub(super) async fn count_of(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<i64> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from tasks
            where organization_id = $1 and contact_id = $2 and deleted_at is null"#,
        org,
        contact as ContactId,
    )
    .fetch_one(tx.conn())
    .await
}

/// Makes the tasks of one contact another's, and gives which they are.
pub(super) async fn carry(tx: &mut OrgTx, way: Way) -> sqlx::Result<Value> {
    let org = tx.org();
    let moved = sqlx::query_scalar!(
        "update tasks set contact_id = $3 where organization_id = $1 and contact_id = $2 returning id",
        org,
        way.from as ContactId,
        way.into as ContactId,
    );
    Ok(json!({ "moved": moved.fetch_all(tx.conn()).await? }))
}

/// Gives them back, where they are still about whom they came to.
pub(super) async fn give_back(tx: &mut OrgTx, way: Way, kept: &Value) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update tasks set contact_id = $3
          where organization_id = $1 and contact_id = $2
            and id in (select id::uuid from jsonb_array_elements_text($4::jsonb->'moved') as of (id))",
        org,
        way.from as ContactId,
        way.into as ContactId,
        kept,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
