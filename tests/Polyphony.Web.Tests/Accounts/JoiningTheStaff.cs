using System.Net;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage.Accounts;
using Polyphony.Storage.Mandates;

namespace Polyphony.Web.Tests.Accounts;

public sealed class JoiningTheStaff(StaffServer staff) : IClassFixture<StaffServer>
{
    [Fact]
    public async Task The_one_time_link_makes_the_first_administrator_once()
    {
        string ended = (await staff.FirstLinkAsync())!;
        string link = (await staff.FirstLinkAsync())!;
        using Visitor visitor = staff.Arrive();
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.GetAsync(ended)).StatusCode);

        Page home = await StaffServer.JoinAsync(visitor, link, "first@example.org", StaffServer.Password);
        Assert.Equal("/organise", home.Path);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/administer")).StatusCode);
        Assert.Null(await staff.FirstLinkAsync());

        using Visitor second = staff.Arrive();
        Assert.Equal(HttpStatusCode.NotFound, (await second.GetAsync(link)).StatusCode);
        Page again = await second.SubmitAsync("/account/sign-in", link, ("displayName", "Eve"), ("email", "eve@example.org"), ("password", StaffServer.Password));
        Assert.Equal(HttpStatusCode.NotFound, again.Status);
        Assert.False(await staff.Server.WithDbAsync(db => db.Users.AnyAsync(member => member.Email == "eve@example.org", TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task An_invitation_makes_one_account_for_the_address_it_was_sent_to()
    {
        string link = await staff.InviteAsync("ines@example.org");
        using Visitor visitor = staff.Arrive();
        Page home = await StaffServer.JoinAsync(visitor, link, "somebody.else@example.org", StaffServer.Password);
        Assert.Equal("/organise", home.Path);
        Assert.Equal(HttpStatusCode.Forbidden, (await visitor.GetAsync("/administer")).StatusCode);
        Assert.True(await staff.Server.WithDbAsync(db => db.Users.AnyAsync(member => member.Email == "ines@example.org" && !member.IsAdministrator, TestContext.Current.CancellationToken)));
        Assert.False(await staff.Server.WithDbAsync(db => db.Users.AnyAsync(member => member.Email == "somebody.else@example.org", TestContext.Current.CancellationToken)));

        using Visitor second = staff.Arrive();
        Assert.Equal(HttpStatusCode.NotFound, (await second.GetAsync(link)).StatusCode);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.OK)]
    [InlineData(DialogueRole.Organiser, HttpStatusCode.OK)]
    [InlineData(DialogueRole.Facilitator, HttpStatusCode.NotFound)]
    [InlineData(DialogueRole.Auditor, HttpStatusCode.NotFound)]
    public async Task Whoever_was_invited_to_help_in_a_dialogue_begins_none(DialogueRole? role, HttpStatusCode expected)
    {
        StaffMember member = await staff.EmployAsync("helper-" + (role?.ToString() ?? "none"));
        if (role is { } held)
        {
            DialogueId dialogue = new(Guid.CreateVersion7());
            await staff.Server.WithDbAsync(async db =>
            {
                db.Dialogues.Add(new Dialogue { Id = dialogue, Slug = "helped-" + held.ToString().ToLowerInvariant(), CreatedAt = TimeProvider.System.GetUtcNow() });
                db.RoleAssignments.Add(new RoleAssignment { Id = Guid.CreateVersion7(), DialogueId = dialogue, StaffId = member.Id, Role = held, Table = held == DialogueRole.Facilitator ? 1 : null });
                return await db.SaveChangesAsync(TestContext.Current.CancellationToken);
            });
        }

        using Visitor visitor = staff.Arrive();
        Page home = await StaffServer.SignInAsync(visitor, member.Email!, StaffServer.Password);
        Assert.Equal(expected == HttpStatusCode.OK, home.Html.Contains("/organise/new", StringComparison.Ordinal));
        Assert.Equal(expected, (await visitor.GetAsync("/organise/new")).StatusCode);
        Assert.Equal(expected == HttpStatusCode.OK ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.NotFound, (await visitor.SubmitAsync("/account", "/organise/new")).Status);
    }

    [Fact]
    public async Task An_invitation_ends_after_a_week()
    {
        string link = await staff.InviteAsync("late@example.org");
        await staff.Server.WithDbAsync(db => db.StaffInvitations.Where(invitation => invitation.Email == "late@example.org")
            .ExecuteUpdateAsync(set => set.SetProperty(invitation => invitation.ExpiresAt, TimeProvider.System.GetUtcNow().AddSeconds(-1)), TestContext.Current.CancellationToken));
        using Visitor visitor = staff.Arrive();
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.GetAsync(link)).StatusCode);
    }

    [Theory]
    [InlineData("eleven char", "fewer than 12")]
    [InlineData("password1234", "attackers")]
    [InlineData("Passw0rd2026!", "attackers")]
    [InlineData("motdepasse2026", "attackers")]
    [InlineData("qwertyuiop12", "attackers")]
    [InlineData("123456789012", "attackers")]
    [InlineData("aaaaaaaaaaaaaaaa", "attackers")]
    [InlineData("my name is weakling", "e-mail name")]
    public async Task A_weak_password_is_refused_and_the_link_still_works(string password, string why)
    {
        string link = await staff.InviteAsync();
        using Visitor visitor = staff.Arrive();
        Page page = await StaffServer.JoinAsync(visitor, link, "weakling@example.org", password);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Contains(why, page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(password, page.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync(link)).StatusCode);
    }

    [Theory]
    [InlineData("lower letters")]
    [InlineData("ЗЕЛЁНЫЙ ЧАЙНИК")]
    [InlineData("7319 4862 0957")]
    public async Task Twelve_characters_of_any_kind_are_enough(string password)
    {
        string name = Guid.NewGuid().ToString("N");
        using Visitor visitor = staff.Arrive();
        Page page = await StaffServer.JoinAsync(visitor, await staff.InviteAsync(), name + "@example.org", password);
        Assert.Equal("/organise", page.Path);
    }
}
