using System.Net;
using Microsoft.EntityFrameworkCore;
using Polyphony.Storage.Accounts;

namespace Polyphony.Web.Tests.Accounts;

public sealed class SigningIn(StaffServer staff) : IClassFixture<StaffServer>
{
    [Fact]
    public async Task Cookies_are_for_this_host_only_secure_and_out_of_reach_of_scripts()
    {
        await staff.EmployAsync("cookie");
        using Visitor visitor = staff.Arrive();
        HttpResponseMessage form = await visitor.GetAsync("/account/sign-in");
        AssertCookie(form, "__Host-form");
        KeyValuePair<string, string>[] token = await visitor.TokenAsync("/account/sign-in");
        HttpResponseMessage response = await visitor.PostAsync("/account/sign-in", "", new FormUrlEncodedContent(
            [.. token, KeyValuePair.Create("email", "cookie@example.org"), KeyValuePair.Create("password", StaffServer.Password)]));
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        AssertCookie(response, "__Host-polyphony");
    }

    [Fact]
    public async Task Nobody_learns_who_has_an_account()
    {
        await staff.EmployAsync("known");
        using Visitor visitor = staff.Arrive();
        Page wrong = await StaffServer.SignInAsync(visitor, "known@example.org", "not the password");
        Page unknown = await StaffServer.SignInAsync(visitor, "other@example.org", "not the password");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        Assert.Equal((wrong.Status, wrong.Text), (unknown.Status, unknown.Text));
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_an_account_for_five_minutes()
    {
        StaffMember member = await staff.EmployAsync("locked");
        using Visitor visitor = staff.Arrive();
        for (int attempt = 0; attempt < 5; attempt++)
        {
            await StaffServer.SignInAsync(visitor, member.Email!, "not the password");
        }

        Page locked = await StaffServer.SignInAsync(visitor, member.Email!, StaffServer.Password);
        Assert.False(await StaffServer.IsInAsync(visitor));
        Assert.Equal((await StaffServer.SignInAsync(visitor, "nobody@example.org", StaffServer.Password)).Text, locked.Text);
        DateTimeOffset? end = await staff.Server.WithDbAsync(db => db.Users.Where(user => user.Id == member.Id).Select(user => user.LockoutEnd).SingleAsync(TestContext.Current.CancellationToken));
        Assert.InRange(end!.Value - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));

        await staff.Server.WithDbAsync(db => db.Users.Where(user => user.Id == member.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(user => user.LockoutEnd, (DateTimeOffset?)null), TestContext.Current.CancellationToken));
        await StaffServer.SignInAsync(visitor, member.Email!, StaffServer.Password);
        Assert.True(await StaffServer.IsInAsync(visitor));
    }

    [Fact]
    public async Task Signing_out_ends_the_session()
    {
        await staff.EmployAsync("leaving");
        using Visitor visitor = staff.Arrive();
        await StaffServer.SignInAsync(visitor, "leaving@example.org", StaffServer.Password);
        Assert.True(await StaffServer.IsInAsync(visitor));
        await visitor.SubmitAsync("/account", "/account/sign-out");
        Assert.False(await StaffServer.IsInAsync(visitor));
    }

    [Fact]
    public async Task A_cookie_that_somebody_kept_is_worth_nothing_after_signing_out()
    {
        await staff.EmployAsync("copied");
        using Visitor visitor = staff.Arrive();
        using Visitor tablet = staff.Arrive();
        using Visitor thief = staff.Arrive();
        await StaffServer.SignInAsync(tablet, "copied@example.org", StaffServer.Password);
        await StaffServer.SignInAsync(visitor, "copied@example.org", StaffServer.Password);
        using HttpResponseMessage home = await visitor.GetAsync("/organise");
        string copy = Assert.Single(home.RequestMessage!.Headers.GetValues("Cookie"));
        Assert.True(await IsInWithAsync(thief, copy));
        await visitor.SubmitAsync("/account", "/account/sign-out");
        Assert.False(await IsInWithAsync(thief, copy));
        Assert.False(await StaffServer.IsInAsync(tablet));

        // With the ended cookie still in the browser one signs in again, and what was ended stays ended.
        await StaffServer.SignInAsync(tablet, "copied@example.org", StaffServer.Password);
        Assert.True(await StaffServer.IsInAsync(tablet));
        Assert.False(await IsInWithAsync(thief, copy));
    }

    [Theory]
    [InlineData(false, 29, true)]
    [InlineData(false, 7 * 60, true)]
    [InlineData(false, (8 * 60) + 1, false)]
    [InlineData(true, 29, true)]
    [InlineData(true, 31, false)]
    public async Task An_account_left_alone_is_signed_out_and_an_administrator_sooner(bool isAdministrator, int minutes, bool isIn)
    {
        string name = Guid.NewGuid().ToString("N");
        await staff.EmployAsync(name, isAdministrator);
        using Visitor visitor = staff.Arrive();
        await StaffServer.SignInAsync(visitor, name + "@example.org", StaffServer.Password);
        TimeSpan before = staff.Clock.Ahead;
        staff.Clock.Ahead += TimeSpan.FromMinutes(minutes);
        try
        {
            Assert.Equal(isIn, await StaffServer.IsInAsync(visitor));
            if (isIn && minutes == 29)
            {
                // Renewed by coming back, for as long as before.
                staff.Clock.Ahead += TimeSpan.FromMinutes(29);
                Assert.True(await StaffServer.IsInAsync(visitor));
                staff.Clock.Ahead += TimeSpan.FromMinutes(31);
                Assert.Equal(!isAdministrator, await StaffServer.IsInAsync(visitor));
            }
        }
        finally
        {
            staff.Clock.Ahead = before;
        }
    }

    [Theory]
    [InlineData("/account", "/account")]
    [InlineData("//evil.example", "/organise")]
    [InlineData("/\\evil.example", "/organise")]
    [InlineData("https://evil.example/", "/organise")]
    public async Task It_leads_back_to_a_page_of_this_server_only(string back, string expected)
    {
        string name = Guid.NewGuid().ToString("N");
        await staff.EmployAsync(name);
        using Visitor visitor = staff.Arrive();
        Assert.Equal(expected, (await StaffServer.SignInAsync(visitor, name + "@example.org", StaffServer.Password, back)).Path);
    }

    private static async Task<bool> IsInWithAsync(Visitor visitor, string cookies)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/organise");
        request.Headers.Add("Cookie", cookies);
        using HttpResponseMessage response = await visitor.SendAsync(request);
        return response.StatusCode == HttpStatusCode.OK;
    }

    private static void AssertCookie(HttpResponseMessage response, string name)
    {
        string cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"), set => set.StartsWith(name + "=", StringComparison.Ordinal));
        string[] flags = [.. cookie.Split("; ")[1..].Select(flag => flag.ToLowerInvariant())];
        Assert.Contains("secure", flags);
        Assert.Contains("httponly", flags);
        Assert.Contains("samesite=lax", flags);
        Assert.Contains("path=/", flags);
        Assert.DoesNotContain(flags, flag => flag.StartsWith("domain", StringComparison.Ordinal) || flag.StartsWith("expires", StringComparison.Ordinal));
    }
}
