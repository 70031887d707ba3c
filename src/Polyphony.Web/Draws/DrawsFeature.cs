using Polyphony.Web.Audiences;
using Polyphony.Web.Jobs;

namespace Polyphony.Web.Draws;

/// <summary>From the pool to the panel, in public.</summary>
internal static class DrawsFeature
{
    public static void AddDraws(this IServiceCollection services)
    {
        services.AddScoped<DrawDesk>();
        services.AddScoped<IJobKind, LotteryJob>();
        services.AddScoped<IJobKind, SitesJob>();
    }

    public static void MapDraws(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder organiser = app.MapOrganiser();
        ComputeLottery.Map(organiser);
        FreezeLottery.Map(organiser);
        HoldCeremony.Map(organiser);
        RehearseCeremony.Map(organiser);
        RouteGroupBuilder reader = app.MapStaffReader();
        ShowChances.Map(app.MapStaffReader().AtOneSite());
        TakeDrawFiles.Map(app.MapOrganiser().AtOneSite());
        ShowStage.Map(reader);
        ShowDraw.Map(app);
    }
}
