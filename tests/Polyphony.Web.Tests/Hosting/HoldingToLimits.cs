using Microsoft.AspNetCore.Http;
using Polyphony.Web.Hosting;

namespace Polyphony.Web.Tests.Hosting;

public sealed class HoldingToLimits
{
    private const string Code = "AAAAAAAAAAAAAAAAAAAAAA";

    [Theory]
    [InlineData(null, Code, "link:" + Code)]
    [InlineData("Bearer " + Code, null, "link:" + Code)]
    [InlineData("Bearer nonsense", null, null)]
    [InlineData("Basic eDp5", null, null)]
    [InlineData("", null, null)]
    public void Only_what_may_be_a_link_counts_apart_from_its_address(string? authorization, string? inPath, string? holder)
    {
        DefaultHttpContext context = new();
        context.Request.Headers.Authorization = authorization;
        context.Request.RouteValues["code"] = inPath;
        Assert.Equal(holder, RateLimits.Holder(context));
    }
}
