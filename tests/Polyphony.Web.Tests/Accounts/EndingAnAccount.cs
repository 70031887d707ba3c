using System.Net;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Accounts;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Accounts;

namespace Polyphony.Web.Tests.Accounts;

public sealed class EndingAnAccount(StaffServer staff) : IClassFixture<StaffServer>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_goes_whom_a_dialogue_needs()
    {
        StaffMember organiser = await staff.EmployAsync("needed");
        StaffMember second = await staff.EmployAsync("second");
        await OrganiseAsync("alone", "Cars without drivers", organiser);
        await OrganiseAsync("shared", "Trees without roots", organiser, second);
        using Visitor chair = await ChairAsync("chair-1");
        Page refused = await chair.SubmitAsync("/administer", $"/administer/{organiser.Id}/deactivate");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("nobody else organises this dialogue", refused.Text, StringComparison.Ordinal);
        Assert.Contains("Cars without drivers", refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Trees without roots", refused.Text, StringComparison.Ordinal);
        using Visitor here = staff.Arrive();
        await StaffServer.SignInAsync(here, organiser.Email!, StaffServer.Password);
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/organise/alone")).StatusCode);

        // What the page says helps: another organiser, then the end.
        await here.SubmitAsync("/organise/alone/team", "/organise/alone/team/invite", ("email", second.Email!), ("role", nameof(DialogueRole.Organiser)));
        await chair.SubmitAsync("/administer", $"/administer/{organiser.Id}/deactivate");
        Assert.False(await StaffServer.IsInAsync(here));
        Assert.False(await staff.Server.WithDbAsync(db => db.RoleAssignments.AnyAsync(role => role.StaffId == organiser.Id, Stop)));

        // Whoever is out joins no team: the last organiser who can sign in would not be seen as the last one.
        using Visitor other = staff.Arrive();
        await StaffServer.SignInAsync(other, second.Email!, StaffServer.Password);
        Page team = await other.SubmitAsync("/organise/alone/team", "/organise/alone/team/invite", ("email", organiser.Email!), ("role", nameof(DialogueRole.Organiser)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, team.Status);
        Assert.Contains("This account is deactivated", team.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_is_let_in_again_signs_in_with_the_password_of_before_and_holds_no_role()
    {
        StaffMember member = await staff.EmployAsync("returning");
        StaffMember keeper = await staff.EmployAsync("keeper");
        await OrganiseAsync("returned", "Rivers without banks", member, keeper);
        using Visitor chair = await ChairAsync("chair-2");
        await chair.SubmitAsync("/administer", $"/administer/{member.Id}/deactivate");
        using Visitor here = staff.Arrive();
        await StaffServer.SignInAsync(here, member.Email!, StaffServer.Password);
        Assert.False(await StaffServer.IsInAsync(here));
        Page list = await chair.OpenAsync("/administer");
        Assert.Contains($"/administer/{member.Id}/reactivate", list.Html, StringComparison.Ordinal);
        Assert.DoesNotContain($"/administer/{member.Id}/deactivate", list.Html, StringComparison.Ordinal);
        Assert.DoesNotContain($"/administer/{keeper.Id}/reactivate", list.Html, StringComparison.Ordinal);

        Page back = await chair.SubmitAsync("/administer", $"/administer/{member.Id}/reactivate");
        Assert.Contains("returning can sign in again", back.Text, StringComparison.Ordinal);
        await StaffServer.SignInAsync(here, member.Email!, StaffServer.Password);
        Assert.True(await StaffServer.IsInAsync(here));
        Assert.Equal(HttpStatusCode.NotFound, (await here.GetAsync("/organise/returned")).StatusCode);
        Assert.Equal(
            ["staff.deactivated", "staff.reactivated"],
            await staff.Server.WithDbAsync(db => db.Journal.Where(entry => entry.Facts.Contains(member.Id.ToString())).OrderBy(entry => entry.Id).Select(entry => entry.Code).ToArrayAsync(Stop)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_the_last_two_organisers_one_stays_however_the_others_hurry(bool byAdministrators)
    {
        string name = byAdministrators ? "ended" : "removed";
        StaffMember[] two = [await staff.EmployAsync(name + "-one"), await staff.EmployAsync(name + "-two")];
        await OrganiseAsync(name, "Bridges without rivers", two);
        DialogueId dialogue = await staff.Server.WithDbAsync(db => db.Dialogues.Where(d => d.Slug == name).Select(d => d.Id).SingleAsync(Stop));
        using Visitor first = byAdministrators ? await ChairAsync(name + "-chair-1") : await InAsync(two[0]);
        using Visitor second = byAdministrators ? await ChairAsync(name + "-chair-2") : await InAsync(two[1]);
        Guid[] roles = await staff.Server.WithDbAsync(async db => new[] { await RoleAsync(db, two[0]), await RoleAsync(db, two[1]) });
        Func<Task>[] requests = byAdministrators
            ? [await ReadyAsync(first, "/administer", $"/administer/{two[0].Id}/deactivate"), await ReadyAsync(second, "/administer", $"/administer/{two[1].Id}/deactivate")]
            : [await ReadyAsync(first, $"/organise/{name}/team", $"/organise/{name}/team/{roles[1]}/remove"), await ReadyAsync(second, $"/organise/{name}/team", $"/organise/{name}/team/{roles[0]}/remove")];
        await WhileHeldAsync(requests);
        Assert.Equal(1, await staff.Server.WithDbAsync(db => db.RoleAssignments.CountAsync(role => role.DialogueId == dialogue && role.Role == DialogueRole.Organiser, Stop)));

        Task<Guid> RoleAsync(Db db, StaffMember member) => db.RoleAssignments.Where(role => role.DialogueId == dialogue && role.StaffId == member.Id).Select(role => role.Id).SingleAsync(Stop);
    }

    [Fact]
    public async Task Of_two_administrators_who_end_each_other_one_stays()
    {
        StaffMember[] two = [await staff.EmployAsync("duel-one", isAdministrator: true), await staff.EmployAsync("duel-two", isAdministrator: true)];
        using Visitor first = await InAsync(two[0]);
        using Visitor second = await InAsync(two[1]);
        await WhileHeldAsync(await ReadyAsync(first, "/administer", $"/administer/{two[1].Id}/deactivate"), await ReadyAsync(second, "/administer", $"/administer/{two[0].Id}/deactivate"));
        Guid[] ids = [.. two.Select(member => member.Id)];
        Assert.Single(await staff.Server.WithDbAsync(db => db.Users.AsNoTracking().Where(member => ids.Contains(member.Id)).ToListAsync(Stop)), member => !member.IsDeactivated);
        Assert.NotEqual(await StaffServer.IsInAsync(first), await StaffServer.IsInAsync(second));
    }

    /// <summary>Holds the roles until all requests have come in and wait.</summary>
    private Task<bool> WhileHeldAsync(params Func<Task>[] requests) => staff.Server.WithDbAsync(async db =>
    {
        Task[] waiting;
        await using (var held = await HoldingRoles.BeginAsync(db, Stop))
        {
            waiting = [.. requests.Select(request => request())];
            await Task.Delay(TimeSpan.FromMilliseconds(700), Stop);
            Assert.All(waiting, task => Assert.False(task.IsCompleted));
            await held.CommitAsync(Stop);
        }

        await Task.WhenAll(waiting);
        return true;
    });

    private static async Task<Func<Task>> ReadyAsync(Visitor visitor, string page, string action)
    {
        KeyValuePair<string, string>[] token = await visitor.TokenAsync(page);
        return () => visitor.PostAsync(page, action, new FormUrlEncodedContent(token));
    }

    private async Task<Visitor> InAsync(StaffMember member)
    {
        Visitor visitor = staff.Arrive();
        await StaffServer.SignInAsync(visitor, member.Email!, StaffServer.Password);
        return visitor;
    }

    private async Task<Visitor> ChairAsync(string name)
    {
        await staff.EmployAsync(name, isAdministrator: true);
        Visitor chair = staff.Arrive();
        await StaffServer.SignInAsync(chair, name + "@example.org", StaffServer.Password);
        return chair;
    }

    private Task<int> OrganiseAsync(string slug, string title, params StaffMember[] organisers) => staff.Server.WithDbAsync(db =>
    {
        Dialogue dialogue = new() { Id = new(Guid.CreateVersion7()), Slug = slug, Languages = ["en"], Title = LocalizedText.Of(("en", title)), CreatedAt = TimeProvider.System.GetUtcNow() };
        db.Dialogues.Add(dialogue);
        db.RoleAssignments.AddRange(organisers.Select(member => new RoleAssignment { Id = Guid.CreateVersion7(), DialogueId = dialogue.Id, StaffId = member.Id, Role = DialogueRole.Organiser }));
        return db.SaveChangesAsync(Stop);
    });
}
