using System.Net;
using Polyphony.Dialogues;
using Polyphony.Storage.Accounts;
using Polyphony.Storage.Mandates;

namespace Polyphony.Web.Tests.Accounts;

public sealed class InvitingStaff(StaffServer staff) : IClassFixture<StaffServer>
{
    [Fact]
    public async Task An_invitation_that_is_refused_keeps_what_was_typed()
    {
        StaffMember chair = await staff.EmployAsync("typing-chair", isAdministrator: true);
        await staff.Server.WithDbAsync(db =>
        {
            Dialogue dialogue = new() { Id = new(Guid.CreateVersion7()), Slug = "typed", Languages = ["en", "fr"], Title = LocalizedText.Of(("en", "Typed")), CreatedAt = TimeProvider.System.GetUtcNow() };
            db.AddRange(dialogue, new RoleAssignment { Id = Guid.CreateVersion7(), DialogueId = dialogue.Id, StaffId = chair.Id, Role = DialogueRole.Organiser });
            return db.SaveChangesAsync(TestContext.Current.CancellationToken);
        });
        using Visitor visitor = staff.Arrive();
        await StaffServer.SignInAsync(visitor, chair.Email!, StaffServer.Password);
        Page refused = await visitor.SubmitAsync("/administer", "/administer/invite", ("displayName", "Inès <b>"), ("email", "no address"), ("administrator", "yes"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.All((string[])["value=\"In&#xE8;s &lt;b&gt;\"", "value=\"no address\"", "value=\"yes\" checked"], part => Assert.Contains(part, refused.Html, StringComparison.Ordinal));
        Page team = await visitor.SubmitAsync("/organise/typed/team", "/organise/typed/team/invite", ("displayName", "Tom"), ("email", "tom@example.org"), ("role", nameof(DialogueRole.Facilitator)), ("table", "seven"), ("languages", "fr"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, team.Status);
        Assert.All((string[])["value=\"Tom\"", "value=\"tom@example.org\"", "value=\"Facilitator\" selected", "value=\"seven\"", "value=\"fr\" checked"], part => Assert.Contains(part, team.Html, StringComparison.Ordinal));

        // What was taken does not stand there again.
        Page taken = await visitor.SubmitAsync("/administer", "/administer/invite", ("displayName", "Tom"), ("email", "tom@example.org"));
        Assert.DoesNotContain("value=\"tom@example.org\"", taken.Html, StringComparison.Ordinal);
    }
}
