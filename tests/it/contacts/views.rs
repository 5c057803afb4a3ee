//! The list as somebody wants to see it: its columns, its order, and the pages of it.

use crate::support::{Browser, TestApp, tenant::ACME};

const CONTACTS: &str = "/w/acme/contacts";

/// The headings of the list, from left to right.
async fn headings(mia: &mut Browser, query: &str) -> String {
    let page = mia.get(&format!("{CONTACTS}?{query}")).await;
    assert_eq!(page.status, 200, "{query}");
    let heads = page.body.split("scope=\"col\"").skip(1).map(|rest| {
        let rest = rest.split_once('>').map_or("", |(_, rest)| rest).split("</th>").next().unwrap_or("");
        let mut words = String::new();
        let mut is_tag = false;
        for c in rest.chars() {
            match c {
                '<' => is_tag = true,
                '>' => is_tag = false,
                c if !is_tag => words.push(c),
                _ => {}
            }
        }
        words.trim().to_owned()
    });
    heads.collect::<Vec<_>>().join(" | ")
}

/// The ids of those on a page, and the addresses of the pages beside it.
async fn page(mia: &mut Browser, address: &str) -> (Vec<String>, Option<String>, Option<String>) {
    let body = mia.get(address).await.body;
    let ids = body.split("id=\"contact-").skip(1).map(|rest| rest[..36].to_owned()).collect();
    let at = |rel: &str| {
        let rest = body.split(&format!("rel=\"{rel}\" href=\"")).nth(1)?;
        Some(rest.split('"').next()?.replace("&amp;", "&").replace("&#38;", "&"))
    };
    (ids, at("prev"), at("next"))
}

#[tokio::test]
async fn columns_stand_in_the_address_in_their_order_and_a_saved_view_keeps_them() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    for form in ["label=Roof+area&kind=number", "label=Member&kind=boolean", "label=Built&kind=date"] {
        assert_eq!(mia.post("/w/acme/settings/fields", form).await.status, 303);
    }
    let form = "email=ann@x.test&first_name=Ann&city=Ulm&custom.roof_area=38.5&custom.member=yes&custom.built=1999-04-02";
    assert_eq!(mia.post(CONTACTS, form).await.status, 303);
    assert_eq!(headings(&mut mia, "").await, "Name | E-mail | Company | Stage | Added | Tags");

    let chosen = "cols=custom.roof_area,gone,custom.member,custom.built,lead_score,owner,last_activity,custom.gone,lead_score";
    let shown = "Name | Roof area | Member | Built | Lead score | Owner | Last activity";
    assert_eq!(headings(&mut mia, chosen).await, shown);
    let list = mia.get(&format!("{CONTACTS}?{chosen}&q=ann")).await;
    assert!(list.body.contains("<td class=\"num table__end\">38.5</td>"), "{}", list.body);
    assert!(list.text().contains("Yes Apr 2, 1999 0"), "{}", list.text());

    // Moved without JavaScript: a button leads to the list as it is then, with the panel still open.
    let moved = mia.get(&format!("{CONTACTS}?q=ann&cols=city,email&column=up.email")).await;
    assert_eq!(
        (moved.status.as_u16(), moved.header("location")),
        (303, "/w/acme/contacts?q=ann&cols=email%2Ccity&panel=columns")
    );
    let open = mia.get(moved.header("location")).await;
    assert!(open.body.contains("<details class=\"columns\" id=\"columns\" open>"), "{}", open.body);
    let added = mia.get(&format!("{CONTACTS}?column=add.custom.roof_area")).await;
    assert!(
        added.header("location").contains("cols=email%2Ccompany%2Cstage%2Cadded%2Ctags%2Ccustom.roof_area")
    );
    let none = mia.get(&format!("{CONTACTS}?cols=email&column=drop.email")).await;
    assert_eq!(headings(&mut mia, none.header("location").split('?').nth(1).unwrap()).await, "Name");

    let query: String = form_urlencoded::byte_serialize(b"cols=city%2Cemail").collect();
    mia.post("/w/acme/views", &format!("screen=contacts&name=Towns&query={query}")).await;
    assert!(mia.get(CONTACTS).await.body.contains("/contacts?cols=city%2Cemail\">Towns"), "no tab");
    assert_eq!(headings(&mut mia, "cols=city%2Cemail").await, "Name | City | E-mail");

    // A field that was put away is no column any more.
    let field: String = app.stored("select id::text from contact_fields where key = 'roof_area'").await;
    mia.post(&format!("/w/acme/settings/fields/{field}/archive"), "").await;
    assert_eq!(headings(&mut mia, "cols=custom.roof_area,city").await, "Name | City");
}

#[tokio::test]
async fn the_list_is_sorted_by_what_people_compare_and_whoever_has_nothing_comes_last() {
    let app = TestApp::new().await.leaves_jobs();
    sqlx::query(
        "insert into contacts (organization_id, id, email, first_name, company, lifecycle_stage, lead_status,
                               lead_score, engagement_score, created_at, updated_at)
         values ($1::uuid, gen_random_uuid(), 'a@s.test', 'Ann', 'Zeta', 'customer', 'new', 5, 90, now(), '2026-11-03'),
                ($1::uuid, gen_random_uuid(), 'b@s.test', 'Bo', 'älpha', 'lead', 'converted', 70, 10, now(), '2026-11-01'),
                ($1::uuid, gen_random_uuid(), 'c@s.test', 'Cy', '', 'subscriber', 'qualified', 20, 30, now(), '2026-11-02'),
                ($1::uuid, gen_random_uuid(), 'd@s.test', 'Di', 'Beta', 'mql', 'contacted', 30, 20, now(), '2026-11-04')",
    )
    .bind(ACME.org)
    .execute(&app.owner)
    .await
    .unwrap();
    let mut mia = app.sign_in("mia@acme.test").await;
    for (order, names) in [
        ("company", "Di Ann Bo Cy"),
        ("stage", "Cy Bo Di Ann"),
        ("lead_status", "Ann Di Cy Bo"),
        ("lead_score", "Bo Di Cy Ann"),
        ("engagement_score", "Ann Cy Di Bo"),
        ("changed", "Di Ann Cy Bo"),
    ] {
        let first = mia.get(&format!("{CONTACTS}?q=s.test&sort={order}")).await.body;
        let mut at: Vec<(usize, &str)> = ["Ann", "Bo", "Cy", "Di"]
            .map(|name| {
                (first.find(&format!(">{name}</a>")).unwrap_or_else(|| panic!("{name}: {first}")), name)
            })
            .to_vec();
        at.sort_unstable();
        let seen: Vec<&str> = at.into_iter().map(|(_, name)| name).collect();
        assert_eq!(seen.join(" "), names, "{order}");
    }
    // The arrows of a record go the same way.
    let cy: String = app.stored("select id::text from contacts where email = 'c@s.test'").await;
    let di: String = app.stored("select id::text from contacts where email = 'd@s.test'").await;
    let ann: String = app.stored("select id::text from contacts where email = 'a@s.test'").await;
    let beside = mia.get(&format!("{CONTACTS}/{cy}?from=q%3Ds.test%26sort%3Dlead_score")).await.body;
    assert!(beside.contains(&di) && beside.contains(&ann), "{beside}");
}

#[tokio::test]
async fn pages_follow_each_other_without_gaps_whatever_the_order() {
    let app = TestApp::new().await;
    // Half of them are alike in everything that a list is sorted by.
    sqlx::query(
        "insert into contacts (organization_id, id, email, first_name, company, lifecycle_stage, lead_status,
                               lead_score, engagement_score, created_at, updated_at)
         select $1::uuid, gen_random_uuid(), 'p' || n || '@many.test', 'Same', case when n % 3 = 0 then 'Co ' || n % 5 else '' end,
                case when n % 2 = 0 then 'lead' else 'sql' end, case when n % 2 = 0 then 'new' else 'lost' end,
                n % 4, n % 3, now(), now() - make_interval(secs => n % 7 + 0.000001 * (n % 2))
           from generate_series(1, 120) n",
    )
    .bind(ACME.org)
    .execute(&app.owner)
    .await
    .unwrap();
    let mut mia = app.sign_in("mia@acme.test").await;
    let columns =
        ["", "name", "email", "company", "stage", "lead_status", "lead_score", "engagement_score", "changed"];
    for (column, dir) in columns.into_iter().flat_map(|column| [(column, "asc"), (column, "desc")]) {
        let order = format!("sort={column}&dir={dir}");
        let (mut seen, _, mut next) = page(&mut mia, &format!("{CONTACTS}?{order}")).await;
        let mut back = None;
        while let Some(address) = next {
            let (ids, before, behind) = page(&mut mia, &address).await;
            seen.extend(ids);
            (back, next) = (before, behind);
        }
        let mut once = seen.clone();
        once.sort();
        once.dedup();
        assert_eq!((seen.len(), once.len()), (121, 121), "{order}");
        // The same way back, but for the last page.
        let mut upwards: Vec<String> = Vec::new();
        while let Some(address) = back {
            let (ids, before, _) = page(&mut mia, &address).await;
            upwards = ids.into_iter().chain(upwards).collect();
            back = before;
        }
        assert_eq!(upwards, seen[..100], "{order}, and back");
    }
}
