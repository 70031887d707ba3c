using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MimeKit;
using Polyphony.Storage.Accounts;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Accounts;

public sealed class ResettingAPassword(StaffServer staff, TestServer ordinary) : IClassFixture<StaffServer>
{
    private const string New = "another calm evening";

    [Fact]
    public async Task By_mail_once()
    {
        await staff.EmployAsync("forgetful");
        using Visitor visitor = staff.Arrive();
        Page known = await visitor.SubmitAsync("/account/forgotten", "/account/forgotten", ("email", "forgetful@example.org"));
        Page unknown = await visitor.SubmitAsync("/account/forgotten", "/account/forgotten", ("email", "nobody@example.org"));
        Assert.Equal((HttpStatusCode.OK, known.Text), (unknown.Status, unknown.Text));

        MimeMessage mail = await MailAsync("forgetful@example.org");
        string link = StaffServer.LinkIn(mail.TextBody ?? "", "/account/reset/");

        // Whoever changes the language does not lose what was mailed.
        Assert.Contains("back=" + Uri.EscapeDataString(link), WebUtility.HtmlDecode((await visitor.OpenAsync(link)).Html), StringComparison.Ordinal);
        Assert.Equal("/account/sign-in", (await RenewAsync(visitor, link)).Path);
        await StaffServer.SignInAsync(visitor, "forgetful@example.org", StaffServer.Password);
        Assert.False(await StaffServer.IsInAsync(visitor));
        await StaffServer.SignInAsync(visitor, "forgetful@example.org", New);
        Assert.True(await StaffServer.IsInAsync(visitor));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await RenewAsync(visitor, link)).Status);
        Assert.DoesNotContain(await staff.Server.WithDbAsync(db => db.OutgoingMails.Select(sent => sent.To).ToListAsync(TestContext.Current.CancellationToken)), to => to == "nobody@example.org");
    }

    [Fact]
    public async Task By_the_administrator_and_every_session_of_before_ends()
    {
        await staff.EmployAsync("chief", isAdministrator: true);
        StaffMember member = await staff.EmployAsync("helped");
        using Visitor chief = staff.Arrive();
        await StaffServer.SignInAsync(chief, "chief@example.org", StaffServer.Password);
        using Visitor tablet = staff.Arrive();
        await StaffServer.SignInAsync(tablet, "helped@example.org", StaffServer.Password);
        Assert.True(await StaffServer.IsInAsync(tablet));

        Page page = await chief.SubmitAsync("/administer", $"/administer/{member.Id}/reset");
        string link = StaffServer.LinkIn(page.Html, "/account/reset/");
        Assert.NotEmpty(link);
        Assert.True(await StaffServer.IsInAsync(tablet));
        using Visitor visitor = staff.Arrive();
        Assert.Equal("/account/sign-in", (await RenewAsync(visitor, link)).Path);
        Assert.False(await StaffServer.IsInAsync(tablet));
        await StaffServer.SignInAsync(tablet, "helped@example.org", New);
        Assert.True(await StaffServer.IsInAsync(tablet));
        Assert.True(await StaffServer.IsInAsync(chief));
    }

    [Fact]
    public async Task By_oneself_ends_every_other_session()
    {
        await staff.EmployAsync("careful");
        using Visitor here = staff.Arrive();
        using Visitor lost = staff.Arrive();
        await StaffServer.SignInAsync(here, "careful@example.org", StaffServer.Password);
        await StaffServer.SignInAsync(lost, "careful@example.org", StaffServer.Password);
        Page refused = await here.SubmitAsync("/account", "/account/password", ("current", "not the password"), ("password", New));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.True(await StaffServer.IsInAsync(lost));

        Page changed = await here.SubmitAsync("/account", "/account/password", ("current", StaffServer.Password), ("password", New));
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.True(await StaffServer.IsInAsync(here));
        Assert.False(await StaffServer.IsInAsync(lost));
    }

    [Fact]
    public async Task Whoever_is_deactivated_is_out_and_stays_out()
    {
        await staff.EmployAsync("chair", isAdministrator: true);
        StaffMember member = await staff.EmployAsync("former");
        using Visitor chair = staff.Arrive();
        await StaffServer.SignInAsync(chair, "chair@example.org", StaffServer.Password);
        using Visitor former = staff.Arrive();
        await StaffServer.SignInAsync(former, "former@example.org", StaffServer.Password);
        await chair.SubmitAsync("/administer", $"/administer/{member.Id}/deactivate");
        Assert.False(await StaffServer.IsInAsync(former));
        await StaffServer.SignInAsync(former, "former@example.org", StaffServer.Password);
        Assert.False(await StaffServer.IsInAsync(former));
    }

    [Fact]
    public void A_link_ends_within_an_hour()
    {
        Assert.InRange(ordinary.Services.GetRequiredService<IOptions<DataProtectionTokenProviderOptions>>().Value.TokenLifespan, TimeSpan.Zero, TimeSpan.FromHours(1));
    }

    private static async Task<Page> RenewAsync(Visitor visitor, string link) => await visitor.SubmitAsync(
        link, link.Split('?')[0], ("token", Uri.UnescapeDataString(link.Split("?token=")[1])), ("password", New));

    /// <summary>Waits for the mail that is laid into the outbox.</summary>
    private async Task<MimeMessage> MailAsync(string to)
    {
        for (int round = 0; round < 100; round++)
        {
            foreach (string file in Directory.EnumerateFiles(Path.Combine(staff.Server.DataDirectory, "outbox"), "*.eml"))
            {
                MimeMessage mail = await MimeMessage.LoadAsync(file, TestContext.Current.CancellationToken);
                if (mail.To.Mailboxes.Any(mailbox => mailbox.Address == to))
                {
                    return mail;
                }
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException("No mail to " + to);
    }
}
