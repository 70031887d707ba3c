using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage.Accounts;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Participants;
using Polyphony.Storage.Pools;
using Polyphony.Web.Participants;
using Polyphony.Web.Tests.Rooms;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Participants;

/// <summary>More people were drawn than a page of the list holds: 1 to 24 have said yes, 25 was not written to, and from 26 on guests were invited.</summary>
public sealed partial class PagingTheList(TestServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_holds_a_hundred_and_says_which()
    {
        using DialogueOfTheDay day = await MakeAsync("pages", 250);
        string list = day.Base + "/participants";
        Page first = await day.Organiser.OpenAsync(list);
        Assert.Equal(Enumerable.Range(1, 100), Numbers(first));
        Assert.Contains("1 – 100 of 250", first.Text, StringComparison.Ordinal);
        Assert.Equal([("next", list + "?page=2")], Links(first));
        Page second = await day.Organiser.OpenAsync(list + "?page=2");
        Assert.Equal(Enumerable.Range(101, 100), Numbers(second));
        Assert.Contains("101 – 200 of 250", second.Text, StringComparison.Ordinal);
        Assert.Equal([("prev", list), ("next", list + "?page=3")], Links(second));

        // Past the end is the end; what is no number is the beginning.
        foreach (string page in (string[])["3", "4", "99999999"])
        {
            Page last = await day.Organiser.OpenAsync(list + "?page=" + page);
            Assert.Equal(Enumerable.Range(201, 50), Numbers(last));
            Assert.Equal([("prev", list + "?page=2")], Links(last));
        }

        Assert.Equal(1, Numbers(await day.Organiser.OpenAsync(list + "?page=-1"))[0]);
    }

    [Fact]
    public async Task A_state_has_pages_of_its_own_and_a_change_leads_back_to_the_same_one()
    {
        using DialogueOfTheDay day = await MakeAsync("pages-state", 250);
        string list = day.Base + "/participants";
        Page page = await day.Organiser.OpenAsync(list + "?show=Invited&page=3");
        Assert.Equal(Enumerable.Range(226, 25), Numbers(page));
        Assert.Contains("201 – 225 of 225", page.Text, StringComparison.Ordinal);
        Assert.Equal([("prev", list + "?show=Invited&page=2")], Links(page));
        string action = $"{list}/{(await day.PersonAsync(240)).Id}/answer?show=Invited&page=3";
        Assert.Contains($"action=\"{action.Replace("&", "&amp;", StringComparison.Ordinal)}\"", page.Html, StringComparison.Ordinal);
        Page after = await day.Organiser.SubmitAsync(list, action, ("answer", "declined"));
        Assert.Equal(list + "?show=Invited&page=3", after.Path);
        Assert.DoesNotContain(240, Numbers(after));
        Page yes = await day.Organiser.OpenAsync($"{list}/{(await day.PersonAsync(241)).Id}/answer?show=Invited&page=3");
        Assert.Contains($"href=\"{list}?show=Invited&amp;page=3\"", yes.Html, StringComparison.Ordinal);
        Page again = await day.Organiser.SubmitAsync(list, $"{list}/{(await day.PersonAsync(241)).Id}/answer?show=Invited&page=3", ("answer", "confirmed"));
        Assert.EndsWith("answer?problem=read-again&show=Invited&page=3", again.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task People_are_found_by_number_and_name_on_all_pages_at_once()
    {
        using DialogueOfTheDay day = await MakeAsync("pages-search", 250);
        string list = day.Base + "/participants";
        Page page = await day.Organiser.OpenAsync(list + "?q=ete");
        Assert.Equal([7], Numbers(page));
        Assert.Contains("value=\"ete\"", page.Html, StringComparison.Ordinal);
        Assert.Equal([249], Numbers(await day.Organiser.OpenAsync(list + "?q=249")));
        Page guests = await day.Organiser.OpenAsync(list + "?q=GUEST&show=Invited&page=2");
        Assert.Equal(Enumerable.Range(126, 100), Numbers(guests));
        Assert.Equal([("prev", list + "?show=Invited&q=GUEST"), ("next", list + "?show=Invited&q=GUEST&page=3")], Links(guests));
        Page nobody = await day.Organiser.OpenAsync(list + "?q=" + Uri.EscapeDataString("<b>\"no\""));
        Assert.Empty(Numbers(nobody));
        Assert.Contains("Nobody in this list has", nobody.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>\"no", nobody.Html, StringComparison.Ordinal);

        // Whoever may not read names learns none by asking for them.
        await day.ChangeAsync(db => db.RoleAssignments.Where(role => role.DialogueId == day.Dialogue.Id).ExecuteUpdateAsync(set => set.SetProperty(role => role.Role, DialogueRole.Auditor), Stop));
        Assert.Empty(Numbers(await day.Organiser.OpenAsync(list + "?q=ete")));
        Assert.Equal([249], Numbers(await day.Organiser.OpenAsync(list + "?q=249")));
    }

    [Fact]
    public async Task It_is_said_whether_a_step_is_about_those_ticked_or_about_all_pages()
    {
        using DialogueOfTheDay day = await MakeAsync("pages-several", 250);
        string list = day.Base + "/participants";
        Page page = await day.Organiser.OpenAsync(list + "?show=Invited&page=2");
        Assert.Contains("Those ticked on this page", page.Text, StringComparison.Ordinal);
        Assert.Contains("All 225 in this list, on every page", page.Text, StringComparison.Ordinal);
        Page all = await day.Organiser.SubmitAsync(list, list + "/several?show=Invited&page=2", ("do", "Remind"), ("all", "yes"));
        Assert.Contains("Remind 225 people", all.Text, StringComparison.Ordinal);
        Page found = await day.Organiser.SubmitAsync(list, list + "/several?q=ete", ("do", "NewLinks"), ("all", "yes"));
        Assert.Contains("Make a new link for 1 person", found.Text, StringComparison.Ordinal);
        Page ticked = await day.Organiser.SubmitAsync(list, list + "/several?show=Invited&page=2", ("do", "Remind"), ("all", ""), ("person", (await day.PersonAsync(130)).Id.ToString()));
        Assert.Contains("Remind 1 person", ticked.Text, StringComparison.Ordinal);
        Page done = await day.Organiser.SubmitAsync(list, list + "/several/do?show=Invited&page=2", ("do", "Declined"), ("person", (await day.PersonAsync(130)).Id.ToString()));
        Assert.Equal(list + "?notice=written-down&show=Invited&page=2", done.Path);
    }

    [Fact]
    public async Task More_than_a_form_can_hold_are_not_chosen_at_once()
    {
        using DialogueOfTheDay day = await MakeAsync("pages-many", ChangeSeveral.Most + 1);
        string list = day.Base + "/participants";
        Page page = await day.Organiser.OpenAsync(list);
        Assert.Contains("1 – 100 of 1,001", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("on every page", page.Text, StringComparison.Ordinal);
        Assert.Contains("To choose a whole list of up to 1,000 people", page.Text, StringComparison.Ordinal);
        Assert.Contains("more than 1,000 people at once", (await day.Organiser.SubmitAsync(list, list + "/several", ("do", "NewLinks"), ("all", "yes"))).Text, StringComparison.Ordinal);
        Assert.True(page.Html.Length < 400_000, $"{page.Html.Length} characters for a hundred people");
    }

    [Fact]
    public async Task A_list_of_one_page_is_as_it_was()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "pages-none");
        Page page = await day.Organiser.OpenAsync(day.Base + "/participants");
        Assert.Equal(Enumerable.Range(1, 25), Numbers(page));
        Assert.Empty(Links(page));
        Assert.Contains("poly-filter", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("role=\"search\"", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("type=\"radio\"", page.Html, StringComparison.Ordinal);
    }

    /// <summary>Where it is already tomorrow, the last day to answer has passed: the database and the page must agree about whom that holds for.</summary>
    [Fact]
    public async Task Each_state_holds_those_who_are_in_it_where_they_live()
    {
        using DialogueOfTheDay day = await MakeAsync("pages-zones", 130);
        DateOnly today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        await day.ChangeAsync(async db =>
        {
            List<Site> more = [At("KI", "Pacific/Kiritimati", 2), At("AS", "Pacific/Pago_Pago", 3)];
            db.AddRange(more);
            await db.SaveChangesAsync(Stop);
            foreach (Participant person in await db.Participants.Where(p => p.DialogueId == day.Dialogue.Id && p.Number > 25).ToListAsync(Stop))
            {
                person.SiteId = (person.Number % 3) switch { 0 => person.SiteId, var other => more[other - 1].Id };
                person.AnswerBy = person.Number > 120 ? null : today.AddDays((person.Number / 3 % 5) - 2);
                person.RemindedAt = person.Number % 2 == 0 ? null : DateTimeOffset.UnixEpoch;
            }

            return await db.SaveChangesAsync(Stop);
        });
        int all = 0;
        foreach (ContactStatus state in Enum.GetValues<ContactStatus>())
        {
            Page page = await day.Organiser.OpenAsync($"{day.Base}/participants?show={state}");
            int counted = int.Parse(CountPattern().Match(page.Html).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(counted, Numbers(page).Count);
            Assert.Equal(counted == 0 ? 0 : 1, TagPattern().Matches(page.Html).Select(tag => tag.Groups[1].Value).Distinct().Count());
            all += counted;
        }

        Assert.Equal(130, all);

        Site At(string code, string zone, int position) => new()
        {
            Id = new(Guid.CreateVersion7()),
            DialogueId = day.Dialogue.Id,
            Code = code,
            Name = code,
            Country = code,
            TimeZone = zone,
            Position = position,
            PlannedParticipants = 40,
        };
    }

    private async Task<DialogueOfTheDay> MakeAsync(string name, int people)
    {
        DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, name);
        DateTimeOffset then = TimeProvider.System.GetUtcNow().AddDays(-3);
        LotteryId lottery = (await day.PersonAsync(1)).LotteryId;
        await day.ChangeAsync(async db =>
        {
            for (int number = DialogueOfTheDay.People + 2; number <= people; number++)
            {
                Person person = new() { Id = new(Guid.CreateVersion7()), DialogueId = day.Dialogue.Id, Name = "Guest " + (char)('a' + (number % 26)) };
                PoolMember member = new()
                {
                    Id = new(Guid.CreateVersion7()),
                    DialogueId = day.Dialogue.Id,
                    SiteId = day.Dialogue.Sites[0].Id,
                    PersonId = person.Id,
                    ExternalId = day.Slug + number,
                    Values = [number % 2],
                    Ticket = Guid.CreateVersion7().ToByteArray(),
                    Nonce = new byte[32],
                };
                db.AddRange(person, member, new Participant
                {
                    Id = new(Guid.CreateVersion7()),
                    DialogueId = day.Dialogue.Id,
                    SiteId = day.Dialogue.Sites[0].Id,
                    PersonId = person.Id,
                    PoolMemberId = member.Id,
                    Number = number,
                    LotteryId = lottery,
                    SelectedAt = then,
                    InvitedAt = then,
                    AnswerBy = DateOnly.FromDateTime(then.UtcDateTime).AddDays(30),
                    BadgeCode = day.Slug[^4..].ToUpperInvariant() + number.ToString("0000", System.Globalization.CultureInfo.InvariantCulture),
                    Status = ParticipantStatus.Selected,
                });
            }

            return await db.SaveChangesAsync(Stop);
        });
        return day;
    }

    private static IReadOnlyList<int> Numbers(Page page)
    {
        Assert.Equal(HttpStatusCode.OK, page.Status);
        return [.. RowPattern().Matches(page.Html).Select(row => int.Parse(row.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))];
    }

    private static IReadOnlyList<(string Rel, string Address)> Links(Page page) =>
        [.. LinkPattern().Matches(page.Html).Select(link => (link.Groups[2].Value, WebUtility.HtmlDecode(link.Groups[1].Value)))];

    [GeneratedRegex("data-row=\"([0-9]+) ")]
    private static partial Regex RowPattern();

    [GeneratedRegex("class=\"button secondary\" href=\"([^\"]+)\" rel=\"(prev|next)\"")]
    private static partial Regex LinkPattern();

    /// <summary>The filter that is chosen, and the number behind it.</summary>
    [GeneratedRegex("participants\\?show=[A-Za-z]+\" aria-current=\"true\">[^<]*? ([0-9]+)</a>")]
    private static partial Regex CountPattern();

    [GeneratedRegex("<span class=\"tag [a-z]+\">([^<]+)</span>")]
    private static partial Regex TagPattern();
}
