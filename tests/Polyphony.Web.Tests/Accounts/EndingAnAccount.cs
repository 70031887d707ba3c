using System.Net;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage.Accounts;
using Polyphony.Storage.Mandates;

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
